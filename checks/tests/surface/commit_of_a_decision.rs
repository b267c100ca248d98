use guanxi::crm::Prepared;
use guanxi::purchase::Order;
use guanxi::store::{CustomerStore, MemoryStore};
use guanxi::{
    Actor, CommandId, Context, Crm, Currency, CustomerId, Money, Policy, Rulebook, TenantId, Timestamp,
};

fn main() {
    let shop = TenantId::derive("shop");
    let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap();
    let crm = Crm::new(MemoryStore::default(), shop, book.into());
    let at = Timestamp::UNIX_EPOCH;
    let order = Order::new(at, Money::from_minor(100, Currency::USD)).into();
    let context = Context::new(at, Actor::System, CommandId::derive("orders", "1"));
    pollster::block_on(async {
        let id = CustomerId::derive(shop, "C-17");
        let Prepared::Commit { commit, .. } = crm.prepare(id, &order, &context).await.unwrap() else {
            panic!("an order is news");
        };
        crm.store().commit(shop, *commit).await.unwrap();
    });
}
