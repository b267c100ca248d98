"""Values of lifetime models for tests/lifetime/values.rs: integrals over the mixing distributions, 50 digits.

Needs mpmath. Nothing here uses a closed form of the papers: a customer of a known rate and chance is followed, and
that is averaged over the gamma and beta distributions of the base.
"""

from mpmath import beta, exp, factorial, gamma, mp, mpf, quad

mp.dps = 50


def gamma_density(r, alpha, rate):
    return alpha**r / gamma(r) * rate ** (r - 1) * exp(-alpha * rate)


def beta_density(a, b, p):
    return p ** (a - 1) * (1 - p) ** (b - 1) / beta(a, b)


def over_rates(r, alpha, of):
    # With rate = u^4 nothing is singular at 0.
    grid = [0, mpf("0.2"), mpf("0.5"), mpf("0.8"), mpf("1.2"), 2, 3, 4]
    return quad(lambda u: 4 * u**3 * gamma_density(r, alpha, u**4) * of(u**4), grid)


def over_chances(a, b, of):
    low = quad(lambda u: 4 * u**3 * beta_density(a, b, u**4) * of(u**4), [0, mpf("0.5") ** mpf("0.25")])
    high = quad(lambda u: 4 * u**3 * beta_density(b, a, u**4) * of(1 - u**4), [0, mpf("0.5") ** mpf("0.25")])
    return low + high


def geometric(first, r, alpha, a, b, x, last, age, ahead, discount):
    """BG/NBD (first = 0), MBG/NBD (first = 1): likelihood, P(alive), expected and residual purchases."""
    n = x + first
    alive = over_rates(r, alpha, lambda l: l**x * exp(-l * age)) * over_chances(a, b, lambda p: (1 - p) ** n)
    gone = 0
    if n > 0:
        leaves = over_chances(a, b, lambda p: p * (1 - p) ** (n - 1))
        gone = over_rates(r, alpha, lambda l: l**x * exp(-l * last)) * leaves
    # Both integrals at once: the rate decays with the chance to leave.
    def ahead_of(weight):
        inner = lambda p: over_rates(r, alpha, lambda l: l**x * exp(-l * age) * weight(l, p))
        return over_chances(a, b, lambda p: (1 - p) ** n * inner(p))

    mp.dps = 30
    expected = ahead_of(lambda l, p: (1 - exp(-l * p * ahead)) / p)
    residual = ahead_of(lambda l, p: l / (discount + l * p))
    mp.dps = 50
    total = alive + gone
    return [mp.log(total), alive / total, expected / total, residual / total]


def counts(first, r, alpha, a, b, x, span):
    """The chance of exactly x repeats within the span, by following who leaves with the x-th or never."""
    n = x + first
    at = lambda k: over_rates(r, alpha, lambda l: exp(-l * span) * (l * span) ** k / factorial(k))
    there = at(x) * over_chances(a, b, lambda p: (1 - p) ** n)
    if n == 0:
        return there
    more = 1 - sum(at(k) for k in range(x))
    return there + more * over_chances(a, b, lambda p: p * (1 - p) ** (n - 1))


def contract(alpha, beta_, renewals, rate):
    """sBG: discounted expected lifetime of a new customer, and residual lifetime after so many renewals."""
    v = 1 / (1 + mpf(rate))
    new = over_chances(alpha, beta_, lambda p: 1 / (1 - v * (1 - p)))
    there = over_chances(alpha, beta_, lambda p: (1 - p) ** renewals)
    old = over_chances(alpha, beta_, lambda p: (1 - p) ** (renewals + 1) / (1 - v * (1 - p)))
    return [new, old / there]


def opportunities(alpha, beta_, c, d, x, last, n, ahead, rate):
    """BG/BB: likelihood, P(alive at the next), expected at the next ones, discounted residual purchases."""
    buys = lambda k, misses: over_chances(alpha, beta_, lambda p: p**k * (1 - p) ** misses)
    stays = lambda k: over_chances(c, d, lambda q: (1 - q) ** k)
    leaves = lambda k: over_chances(c, d, lambda q: q * (1 - q) ** k)
    parts = [buys(x, k - x) * leaves(k) for k in range(last, n)]
    total = sum(parts) + buys(x, n - x) * stays(n)
    bought = buys(x + 1, n - x)
    expected = bought * sum(stays(n + k) for k in range(1, ahead + 1))
    v = 1 / (1 + mpf(rate))
    residual = bought * over_chances(c, d, lambda q: (1 - q) ** (n + 1) * v / (1 - v * (1 - q)))
    return [mp.log(total), buys(x, n - x) * stays(n + 1) / total, expected / total, residual / total]


def show(name, values):
    print(name, ", ".join(mp.nstr(value, 17) for value in values))


CDNOW_BG = [mpf(v) for v in ("0.243", "4.414", "0.793", "2.426")]
CDNOW_MBG = [mpf(v) for v in ("0.525", "6.183", "0.891", "1.614")]
CUSTOMERS = [(0, 0, 39), (1, 20, 39), (2, mpf("30.5"), 39), (7, 10, 39), (29, 38, 39)]

for first, model in [(0, CDNOW_BG), (1, CDNOW_MBG)]:
    for x, last, age in CUSTOMERS:
        show(f"geometric {first} {x}", geometric(first, *model, x, last, age, 52, mpf("0.0027")))
    for x in [0, 1, 5, 20]:
        show(f"counts {first} {x}", [counts(first, *model, x, 39)])
for alpha, beta_ in [("0.704", "1.182"), ("0.668", "3.806"), ("5", "0.3")]:
    for renewals in [0, 4, 30]:
        show(f"contract {alpha} {renewals}", contract(mpf(alpha), mpf(beta_), renewals, "0.1"))
for x, last, n in [(0, 0, 6), (2, 5, 6), (6, 6, 6), (1, 1, 20)]:
    model = [mpf(v) for v in ("1.20", "0.75", "0.66", "2.78")]
    show(f"opportunities {x} {last} {n}", opportunities(*model, x, last, n, 5, "0.1"))
