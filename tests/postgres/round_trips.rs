//! How often the store asks the server and waits for the answer: where that is another machine, it is most of
//! what a commit takes. Counted on the wire.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use guanxi::crm::Executed;
use guanxi::store::postgres::sqlx::postgres::{PgConnectOptions, PgSslMode};
use guanxi::store::postgres::{PostgresOptions, PostgresStore};
use guanxi::store::{Agenda, Bulk, Commit, CustomerStore, Feed, PageSize, Scan};
use guanxi::{Crm, CustomerId, Timestamp};

use super::base::{books, context, customer, in_schema, link, noon, order, prepare, shop};
use super::server;

/// What the pool sends when it takes a connection back, `Sync` and nothing else. Nobody waits for the
/// answer but who needs that very connection.
const TAKEN_BACK: &[u8] = b"S\0\0\0\x04";

/// Who has spoken, and how often the client did after the server.
#[derive(Default)]
struct Talk {
    client_spoke_last: bool,
    round_trips: usize,
}

impl Talk {
    fn hear(&mut self, is_client: bool, said: &[u8]) {
        if is_client && said == TAKEN_BACK {
            return;
        }
        if is_client && !self.client_spoke_last {
            self.round_trips += 1;
        }
        self.client_spoke_last = is_client;
    }
}

/// Stands between a pool of one connection and the server.
struct Wire {
    port: u16,
    talk: Arc<Mutex<Talk>>,
}

impl Wire {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let talk = Arc::new(Mutex::new(Talk::default()));
        let (server, heard) = (server::options(), Arc::clone(&talk));
        thread::spawn(move || {
            for client in listener.incoming() {
                let address = (server.get_host(), server.get_port());
                let server = TcpStream::connect(address).expect("the server listens to TCP");
                connect(client.unwrap(), server, &heard);
            }
        });
        Self { port, talk }
    }

    /// Leads to the server by this wire, which cannot hear what is encrypted.
    fn options(&self) -> PgConnectOptions {
        server::options().host("127.0.0.1").port(self.port).ssl_mode(PgSslMode::Disable)
    }

    /// How often what is done asks the server and waits for an answer.
    async fn round_trips<T>(&self, done: impl Future<Output = T>) -> (T, usize) {
        let before = self.talk.lock().unwrap().round_trips;
        let answer = done.await;
        (answer, self.talk.lock().unwrap().round_trips - before)
    }
}

fn connect(client: TcpStream, server: TcpStream, talk: &Arc<Mutex<Talk>>) {
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let (to_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    pass(client, to_server, Arc::clone(talk), true);
    pass(server, to_client, Arc::clone(talk), false);
}

/// Passes on what comes, until either side ends.
fn pass(mut from: TcpStream, mut to: TcpStream, talk: Arc<Mutex<Talk>>, is_client: bool) {
    thread::spawn(move || {
        let mut said = vec![0; 1 << 20];
        while let Ok(length @ 1..) = from.read(&mut said) {
            talk.lock().unwrap().hear(is_client, &said[..length]);
            if to.write_all(&said[..length]).is_err() {
                break;
            }
        }
        // Ended already, if it was the other side.
        let _ = to.shutdown(Shutdown::Both);
    });
}

/// The same things again and again, for customers by the names of numbers.
struct Counted {
    wire: Wire,
    crm: Crm<PostgresStore>,
}

impl Counted {
    /// Every customer has ordered twice, so whatever a single order needs is prepared.
    async fn new(schema: &str, customers: usize) -> Self {
        let wire = Wire::new();
        let pool = server::pool_with(wire.options(), 1);
        let store = PostgresOptions::new(pool).with_schema(schema).open().await.unwrap();
        let counted = Self { wire, crm: Crm::new(store, shop(), books()) };
        for name in ["first", "second"] {
            for number in 0..customers {
                let commit = counted.order(number, name).await;
                counted.crm.store().commit(shop(), commit).await.unwrap();
            }
        }
        counted
    }

    /// An order, prepared.
    async fn order(&self, number: usize, name: &str) -> Commit {
        let who = number.to_string();
        prepare(&self.crm, &who, order(noon("01-01")), &format!("{who} {name}")).await
    }

    async fn page(&self, customers: usize, name: &str) -> Vec<Commit> {
        let mut page = Vec::new();
        for number in 0..customers {
            page.push(self.order(number, name).await);
        }
        page
    }

    /// How often something asks the server.
    async fn round_trips<T>(&self, done: impl AsyncFnOnce(&PostgresStore) -> T) -> (T, usize) {
        self.wire.round_trips(done(self.crm.store())).await
    }
}

const CUSTOMERS: usize = 20;

#[test]
fn a_commit_is_one_and_so_is_a_load() {
    in_schema("round_trips_alone", async |schema| {
        let counted = Counted::new(&schema, 2).await;
        let commit = counted.order(0, "third").await;
        let (receipt, trips) =
            counted.round_trips(async |store| store.commit(shop(), commit).await).await;
        assert_eq!((receipt.unwrap().revisions, trips), (vec![(customer("0"), 3)], 1));

        let (stored, trips) =
            counted.round_trips(async |store| store.load(shop(), customer("0")).await).await;
        assert_eq!((stored.unwrap().unwrap().revision, trips), (3, 1));

        // Load, decide, commit.
        let (id, context) = (customer("1"), context(noon("01-02"), "1 third"));
        let command = order(noon("01-01"));
        let execute = counted.crm.execute(id, &command, &context);
        let (executed, trips) = counted.wire.round_trips(execute).await;
        let Executed::Recorded(entry) = executed.unwrap() else { panic!("nothing was recorded") };
        assert_eq!((entry.revision, trips), (3, 2));
    });
}

#[test]
fn a_commit_that_is_refused_or_known_is_two() {
    in_schema("round_trips_refused", async |schema| {
        let counted = Counted::new(&schema, 1).await;
        let (third, fourth) = (counted.order(0, "third").await, counted.order(0, "fourth").await);
        counted.crm.store().commit(shop(), third.clone()).await.unwrap();
        // The first one that is refused prepares the question why.
        let refused = counted.crm.store().commit(shop(), fourth.clone()).await;
        refused.unwrap_err();
        let (again, trips) =
            counted.round_trips(async |store| store.commit(shop(), third).await).await;
        assert_eq!((again.unwrap().replayed, trips), (true, 2));
        let (refused, trips) =
            counted.round_trips(async |store| store.commit(shop(), fourth).await).await;
        assert_eq!((refused.is_err(), trips), (true, 2));
    });
}

/// Of statements with a list in them each is planned by itself, which takes one more.
#[test]
fn a_page_is_two_however_many_there_are() {
    in_schema("round_trips_pages", async |schema| {
        let counted = Counted::new(&schema, CUSTOMERS).await;
        for customers in [2, CUSTOMERS] {
            let page = counted.page(customers, &format!("of {customers}")).await;
            let commands: Vec<_> = page.iter().map(Commit::command_id).collect();
            let ids: Vec<CustomerId> =
                (0..customers).map(|number| customer(&number.to_string())).collect();

            let (answers, trips) =
                counted.round_trips(async |store| store.commit_many(shop(), page).await).await;
            let carried_out = answers.unwrap().iter().filter(|answer| answer.is_ok()).count();
            assert_eq!((carried_out, trips), (customers, 2));
            let (many, trips) =
                counted.round_trips(async |store| store.load_many(shop(), &ids).await).await;
            assert_eq!((many.unwrap().iter().flatten().count(), trips), (customers, 2));
            let (known, trips) =
                counted.round_trips(async |store| store.receipts(shop(), &commands).await).await;
            assert_eq!((known.unwrap().iter().flatten().count(), trips), (customers, 2));
        }
    });
}

#[test]
fn a_page_of_a_walk_is_one() {
    in_schema("round_trips_walks", async |schema| {
        let counted = Counted::new(&schema, CUSTOMERS).await;
        let judged_by = books().latest().reference();
        let walk = async |store: &PostgresStore| {
            let scanned = store.scan(shop(), Some(customer("0")), PageSize::MAX).await.unwrap();
            let due = store.due(shop(), Timestamp::MAX, judged_by, None, PageSize::MAX).await;
            let fed = store.feed(shop(), None, PageSize::MAX).await.unwrap();
            (scanned.len(), due.unwrap().len(), fed.len())
        };
        // Prepares each of them.
        counted.round_trips(walk).await;
        let ((_, due, _), trips) = counted.round_trips(walk).await;
        assert_eq!((due, trips), (CUSTOMERS, 3));
    });
}

/// What else than an order's a commit has to write is the same statement.
#[test]
fn a_claim_takes_no_more() {
    in_schema("round_trips_claims", async |schema| {
        let counted = Counted::new(&schema, 1).await;
        for (name, trips_wanted) in [("prepares", 2), ("is prepared", 1)] {
            let commit = prepare(&counted.crm, "0", link(name), name).await;
            let (receipt, trips) =
                counted.round_trips(async |store| store.commit(shop(), commit).await).await;
            assert_eq!((receipt.is_ok(), trips), (true, trips_wanted));
        }
    });
}
