
"use strict";
(() => {
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // A number, a text, or null for a field that has nothing to sort by.
  const keyOf = (row, place) => {
    const { dataset, textContent } = row.cells[place];
    if (dataset.sort === undefined) return textContent;
    return dataset.sort === "" ? null : Number(dataset.sort);
  };

  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : words.compare(String(one), String(other));

  const sort = (table, place, sign) => {
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => ({ row, key: keyOf(row, place) }));
    keyed.sort((one, other) => {
      if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
      return sign * compare(one.key, other.key);
    });
    body.append(...keyed.map(({ row }) => row));
  };

  // A button in each heading, so that the keyboard reaches it; without this script there is none.
  for (const table of document.querySelectorAll("table.sortable")) {
    if (table.tBodies[0].rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        // Of numbers the largest are asked for first.
        const first = head.classList.contains("n") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        const next = before === first ? second : first;
        heads.forEach((it) => it.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", next);
        sort(table, place, next === "ascending" ? 1 : -1);
      });
    });
  }
})();
