//! Encrypted connections, and only to whom they should be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use guanxi::store::StoreErrorKind;
use guanxi::store::postgres::sqlx;
use guanxi::store::postgres::{PostgresFault, PostgresStore};

use super::base::{buy_at_last, buyer, check, fault, open, shop};
use super::binaries::not_tested;
use super::server::{Server, pool_of};
use super::shop::run;

const EC: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Makes an authority of this name. Gives its certificate.
fn authority(folder: &Path, name: &str) -> PathBuf {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let subject = format!("/CN={name}");
    let what = ["-x509", "-days", "2", "-subj", &subject, "-keyout", &key, "-out", &certificate];
    openssl(folder, &[&["req"], &EC[..], &what].concat());
    folder.join(certificate)
}

/// Makes a certificate of an authority, for a server at this address.
fn certify(folder: &Path, authority: &str) {
    let request = ["-subj", "/CN=guanxi-test", "-keyout", "server.key", "-out", "server.csr"];
    openssl(folder, &[&["req"], &EC[..], &request].concat());
    fs::write(folder.join("server.ext"), "subjectAltName = IP:127.0.0.1\n").unwrap();
    let (key, certificate) = (format!("{authority}.key"), format!("{authority}.pem"));
    openssl(
        folder,
        &[
            "x509",
            "-req",
            "-days",
            "2",
            "-in",
            "server.csr",
            "-out",
            "server.pem",
            "-CA",
            &certificate,
            "-CAkey",
            &key,
            "-CAcreateserial",
            "-extfile",
            "server.ext",
        ],
    );
}

#[test]
fn connections_are_encrypted_and_only_to_a_server_of_a_known_authority() {
    let Some(mut server) = Server::make("tls") else { return };
    if Command::new("openssl").arg("version").output().is_err() {
        return not_tested("encrypted connections to PostgreSQL", "There is no program openssl.");
    }
    let folder = server.folder().join("certificates");
    fs::create_dir(&folder).unwrap();
    let (known, other) = (authority(&folder, "known"), authority(&folder, "other"));
    certify(&folder, "known");
    for name in ["", "server.key", "server.pem"] {
        server.give(&folder.join(name));
    }
    server.set("ssl=on");
    server.set(&format!("ssl_cert_file={}", folder.join("server.pem").display()));
    server.set(&format!("ssl_key_file={}", folder.join("server.key").display()));
    server.start_again();
    run(async {
        let at = |host: &str, authority: &Path| {
            let (port, authority) = (server.port(), authority.display());
            let address = format!(
                "postgres://postgres@{host}:{port}/postgres?sslmode=verify-full&sslrootcert={authority}"
            );
            pool_of(address.parse().unwrap(), 1)
        };
        let crm = open(at("127.0.0.1", &known), shop()).await;
        const IS_ENCRYPTED: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let pool = crm.store().pool();
        assert!(sqlx::query_scalar::<_, bool>(IS_ENCRYPTED).fetch_one(pool).await.unwrap());
        buy_at_last(&crm, buyer("a"), "first").await;
        check(&crm, 1).await;

        for (host, authority) in [("127.0.0.1", &other), ("localhost", &known)] {
            let error = PostgresStore::open(at(host, authority)).await.unwrap_err();
            let fault = fault(&error);
            assert!(matches!(fault, PostgresFault::Connection(_)), "{host}: {fault:?}");
            // To ask again helps nobody.
            assert_eq!(error.kind(), StoreErrorKind::Refused);
        }
    });
}
