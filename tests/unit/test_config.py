"""config.toml: what is good, and a sentence for everything that is not."""

import os
import pickle
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from flux.config import advise, forget_secrets, load, read
from flux.errors import ConfigError
from flux.model.finding import LayerName
from flux.model.partner import Environment, Language
from flux.transport.settings import TransportKind

ROOT = Path("/srv/flux")
TODAY = date(2026, 11, 23)
GATEWAY = {"application_code": "FLX001"}
SUPPLIER = {"role": "supplier", "application_code": "FRN001", "interfaces": ["FSO1100A"]}
SFTP = {"kind": "sftp", "host": "sftp.acme.example", "user": "flux", "key_file": "keys/acme", "host_keys": ["h k v"]}


def fault_of(tables: Mapping[str, object]) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tables, root=ROOT, environ={})
    return str(caught.value)


def test_the_least_configuration_is_our_application_code() -> None:
    settings = read({"gateway": GATEWAY}, root=ROOT, environ={})
    assert (settings.gateway.environment, settings.gateway.inbox) == (Environment.PRODUCTION, ROOT / "inbox")


@pytest.mark.parametrize("layer", LayerName)
def test_every_layer_may_be_required(layer: LayerName) -> None:
    settings = read({"gateway": GATEWAY | {"layers": [layer.value]}}, root=ROOT, environ={})
    assert settings.gateway.layers == (layer,)


def test_every_relative_path_starts_at_the_folder_of_the_file() -> None:
    delivery = {"kind": "folder", "path": "elsewhere"}
    tables = {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery, "pickup": SFTP}}}
    settings = read(tables, root=ROOT, environ={})
    acme = settings.partners["acme"]
    assert acme.delivery is not None
    assert acme.pickup is not None
    assert (acme.delivery.path, acme.pickup.key_file) == (str(ROOT / "elsewhere"), ROOT / "keys/acme")
    assert settings.ledger.url == "sqlite:////srv/flux/var/ledger.db"


def test_a_partner_may_be_offered_several_keys_of_ours_in_their_order() -> None:
    delivery = SFTP | {"key_files": ["keys/next", "/etc/keys/last"]}
    tables = {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery}}}
    end = read(tables, root=ROOT, environ={}).delivery_end("acme")
    assert end.keys == (ROOT / "keys/acme", ROOT / "keys/next", Path("/etc/keys/last"))


def test_one_key_among_several_is_key_enough() -> None:
    delivery = {key: value for key, value in SFTP.items() if key != "key_file"}
    tables = {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery}}}
    assert "partners.acme.delivery: an SFTP server needs key_file, key_files or password_env" in fault_of(tables)
    assert "key_files: a list of texts expected" in fault_of(
        {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery | {"key_files": "keys/a"}}}}
    )
    tables = {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery | {"key_files": ["keys/a"]}}}}
    assert read(tables, root=ROOT, environ={}).delivery_end("acme").keys == (ROOT / "keys/a",)


def test_the_folder_of_schemas_is_ours_alone_unless_one_is_named() -> None:
    tables = {"gateway": {"application_code": "FLX001"}}
    assert read(tables, root=ROOT, environ={}).schemas.folder is None
    named = read({**tables, "schemas": {"folder": "xsd"}}, root=ROOT, environ={})
    assert named.schemas.folder == ROOT / "xsd"


def test_a_partner_without_a_delivery_table_finds_its_files_in_the_outbox() -> None:
    settings = read({"gateway": GATEWAY, "partners": {"acme": SUPPLIER}}, root=ROOT, environ={})
    end = settings.delivery_end("acme")
    assert (end.kind, end.path) == (TransportKind.FOLDER, str(ROOT / "outbox" / "acme"))


def test_a_partner_speaks_the_gateway_s_language_unless_it_has_its_own() -> None:
    tables = {
        "gateway": GATEWAY | {"language": "en"},
        "partners": {"acme": SUPPLIER, "beta": SUPPLIER | {"language": "fr"}},
    }
    partners = read(tables, root=ROOT, environ={}).known_partners
    assert (partners["acme"].language, partners["beta"].language) == (Language.EN, Language.FR)


def test_a_password_comes_from_the_variable_that_is_named_and_is_never_printed() -> None:
    pickup = SFTP | {"password_env": "ACME_PASSWORD"}
    tables = {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"pickup": pickup}}}
    settings = read(tables, root=ROOT, environ={"ACME_PASSWORD": "s3cret"})
    assert settings.partners["acme"].pickup is not None
    assert settings.partners["acme"].pickup.password == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        # nothing at all
        ({}, "the key 'gateway' is missing"),
        # a misspelt key is named, with the one that was meant
        ({"gateway": GATEWAY | {"langage": "fr"}}, "gateway: unknown key 'langage', did you mean 'language'?"),
        ({"gateway": GATEWAY, "limit": {}}, "unknown key 'limit', did you mean 'limits'?"),
        # nothing is coerced
        ({"gateway": GATEWAY | {"workers": "2"}}, "gateway.workers: a whole number, 0 or more, expected, found '2'"),
        ({"gateway": GATEWAY | {"workers": True}}, "gateway.workers: a whole number"),
        ({"gateway": GATEWAY | {"workers": -1}}, "gateway.workers: a whole number, 0 or more"),
        ({"gateway": "FLX001"}, "gateway: a table expected"),
        ({"gateway": GATEWAY, "partners": {"acme": 3}}, "partners.acme: a table expected, found 3"),
        # closed lists print themselves
        ({"gateway": GATEWAY | {"environment": "test"}}, "one of 'production', 'qualification' expected, found 'test'"),
        # our own code stands in file names
        ({"gateway": {"application_code": "flux"}}, "gateway.application_code: 6 capitals or digits expected"),
        # a layer that would leave every invoice not judged
        # a severity for a code that does not exist
        ({"gateway": GATEWAY, "severity": {"IBAN_RIB": "warning"}}, "severity.IBAN_RIB: no such code, did you mean"),
        # partners
        ({"gateway": GATEWAY, "partners": {"../acme": SUPPLIER}}, "partners.../acme: a partner's name is its folder"),
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"interfaces": ["FSO9999A"]}}},
            "partners.acme.interfaces: unknown interface 'FSO9999A'",
        ),
        # a reply code belongs to one kind of message
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"replies": "cdar"}}},
            "partners.acme.replies: CSO1100A is a CPPStatut: 'auto' or 'cpp' for FSO1100A",
        ),
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"interfaces": ["FSO3110A"], "replies": "cpp"}}},
            "partners.acme.replies: CSI3110A and CSO3110A are CDAR: 'auto' or 'cdar' for FSO3110A",
        ),
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"interfaces": []}}},
            "partners.acme.interfaces: a supplier with strict names needs at least one",
        ),
        (
            {
                "gateway": GATEWAY,
                "partners": {"etat": {"role": "entity", "application_code": "SEI001", "sirets": ["1"]}},
            },
            "partners.etat.sirets: 14 digits expected, found '1'",
        ),
        # an SFTP server without its pinned key
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": SFTP | {"host_keys": []}}}},
            "partners.acme.delivery.host_keys: pin the server's key; `flux partners probe acme` prints it",
        ),
        (
            {"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": SFTP | {"password_env": "UNSET"}}}},
            "partners.acme.delivery: password_env names the variable 'UNSET', which is not set",
        ),
    ],
)
def test_a_fault_is_one_sentence_that_names_its_key(tables: Mapping[str, object], sentence: str) -> None:
    assert sentence in fault_of(tables)


@pytest.mark.parametrize(
    "changes",
    [
        {"interfaces": ["FSO1150A"]},
        {"interfaces": ["FSO1150A"], "replies": "cdar"},
        {"interfaces": ["FSO1150A"], "replies": "cpp"},  # a platform that reads no CDAR yet
        {"interfaces": ["FSO1100A", "FSO1150A"]},
        {"interfaces": ["FSO3110A"]},
        {"naming": "free", "replies": "cdar"},  # names of our own bind to no kind of message
        {"naming": "free", "interfaces": ["FSO3110A"], "replies": "cpp"},
    ],
)
def test_a_partner_is_answered_in_the_messages_of_its_interfaces(changes: dict[str, object]) -> None:
    settings = read({"gateway": GATEWAY, "partners": {"acme": {**SUPPLIER, **changes}}}, root=ROOT, environ={})
    assert list(settings.partners) == ["acme"]


def test_every_fault_is_told_at_once() -> None:
    tables = {"gateway": GATEWAY | {"langage": "fr", "workers": "2"}}
    assert len(fault_of(tables).splitlines()) == 2


@pytest.mark.parametrize(
    "gateway",
    [
        GATEWAY | {"langage": "fr"},
        GATEWAY | {"language": "de"},
        {},
    ],
)
def test_a_value_that_cannot_be_read_hides_no_other_fault(gateway: dict[str, object]) -> None:
    acme = SUPPLIER | {"interfaces": ["FSO9999A"], "pickup": SFTP | {"port": 0}, "colour": "red"}
    faults = fault_of({"gateway": gateway, "partners": {"acme": acme}, "delivery": {"tries": 0}}).splitlines()
    told = {fault.partition(":")[0] for fault in faults}
    assert told >= {"partners.acme", "delivery.tries", "partners.acme.pickup.port", "partners.acme.interfaces"}


def test_nothing_is_said_of_a_key_because_another_cannot_be_read() -> None:
    delivery = SFTP | {"host": 5, "key_file": 3}
    faults = fault_of({"gateway": GATEWAY, "partners": {"acme": SUPPLIER | {"delivery": delivery}}})
    assert len(faults.splitlines()) == 2


def test_two_entities_cannot_receive_for_one_siret() -> None:
    entity = {"role": "entity", "application_code": "SEI001", "sirets": ["11000201100044"]}
    tables = {"gateway": GATEWAY, "partners": {"etat": entity, "ville": entity}}
    assert "partners.ville.sirets: 11000201100044 already receives through partners.etat" in fault_of(tables)


def test_a_file_that_is_not_there_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `flux init` makes one"):
        load(tmp_path / "config.toml")


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[gateway\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config.toml: not TOML: .*line 1"):
        load(tmp_path / "config.toml")


def test_the_configuration_of_the_checkout_is_the_one_that_init_writes() -> None:
    checkout = Path(__file__).resolve().parents[2]
    template = checkout / "flux" / "app" / "template.toml"
    assert (checkout / "config.toml").read_text(encoding="utf-8") == template.read_text(encoding="utf-8")


def test_the_template_can_be_used_as_it_is() -> None:
    checkout = Path(__file__).resolve().parents[2]
    assert set(load(checkout / "config.toml").partners) == {"acme", "entite"}


def test_the_register_lies_beside_the_ledger_in_a_database_of_its_own() -> None:
    register = read({"gateway": GATEWAY}, root=ROOT, environ={}).register
    assert register.url == "sqlite:////srv/flux/var/register.db"
    assert (register.sirene, register.account_key) == (ROOT / "var/sirene.bin", ROOT / "var/account.key")


def test_the_register_s_password_comes_from_its_variable() -> None:
    table = {"url": "postgresql://flux:{password}@db/register", "password_env": "REGISTER_PASSWORD"}
    settings = read({"gateway": GATEWAY, "register": table}, root=ROOT, environ={"REGISTER_PASSWORD": "s3cret"})
    assert settings.register.url == "postgresql://flux:s3cret@db/register"


def test_a_password_is_written_into_an_address_as_addresses_write_it() -> None:
    table = {"url": "postgresql://flux:{password}@db/flux", "password_env": "LEDGER"}
    settings = read({"gateway": GATEWAY, "ledger": table}, root=ROOT, environ={"LEDGER": "p@ss/w:rd?"})
    assert settings.ledger.url == "postgresql://flux:p%40ss%2Fw%3Ard%3F@db/flux"


@pytest.mark.parametrize("table", ["ledger", "register"])
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://flux:s3cret@db/flux",
        "postgresql+psycopg://flux:s3{password}cret@db/flux",
        "postgresql://flux@db/flux?password=s3cret",
        "postgresql://flux@db/flux?sslmode=require&sslpassword=s3cret",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_shown(table: str, url: str) -> None:
    said = fault_of({"gateway": GATEWAY, table: {"url": url}})
    assert f"{table}.url: no password stands here" in said
    assert "s3" not in said


@pytest.mark.parametrize(
    "url",
    ["postgresql://flux@db:5432/flux", "postgresql:///flux?host=/run/postgresql", "sqlite:////srv/a:b@c/ledger.db"],
)
def test_an_address_without_a_password_is_taken(url: str) -> None:
    assert read({"gateway": GATEWAY, "ledger": {"url": url}}, root=ROOT, environ={}).ledger.url == url


def test_a_partner_s_password_in_the_file_is_refused_and_not_shown() -> None:
    partner = SUPPLIER | {"delivery": SFTP | {"password": "s3cret"}}
    said = fault_of({"gateway": GATEWAY, "partners": {"acme": partner}})
    assert "partners.acme.delivery: password: no password stands here; `password_env`" in said
    assert "s3cret" not in said


@pytest.mark.parametrize("table", ["gateway", "ledger", "register", "vault"])
def test_a_password_elsewhere_is_an_unknown_key_and_not_shown(table: str) -> None:
    tables = {"gateway": GATEWAY} | {table: {**(GATEWAY if table == "gateway" else {}), "password": "s3cret"}}
    said = fault_of(tables)
    assert f"{table}: unknown key 'password'" in said
    assert "s3cret" not in said


def test_a_password_in_the_place_of_its_variable_is_not_shown() -> None:
    partner = SUPPLIER | {"delivery": SFTP | {"password_env": "s3cret!"}}
    said = fault_of({"gateway": GATEWAY, "partners": {"acme": partner}})
    assert "password_env: the name of a variable expected" in said
    assert "s3cret" not in said


SECRETS = {"LEDGER": "s3cret-ledger", "REGISTER": "s3cret-register", "ACME": "s3cret-acme"}
WITH_SECRETS = {
    "gateway": GATEWAY,
    "ledger": {"url": "postgresql://flux:{password}@db/flux", "password_env": "LEDGER"},
    "register": {"url": "postgresql://flux:{password}@db/register", "password_env": "REGISTER"},
    "partners": {"acme": SUPPLIER | {"pickup": SFTP | {"password_env": "ACME"}}},
}


def test_settings_in_an_error_show_no_password() -> None:
    settings = read(WITH_SECRETS, root=ROOT, environ=SECRETS)
    assert settings.partners["acme"].pickup is not None
    assert settings.partners["acme"].pickup.password == "s3cret-acme"
    assert "s3cret" not in repr(settings)


def test_a_worker_gets_only_the_password_that_it_reads_the_register_with() -> None:
    carried = pickle.dumps(read(WITH_SECRETS, root=ROOT, environ=SECRETS).without_secrets())
    assert [name for name, secret in SECRETS.items() if secret.encode() in carried] == ["REGISTER"]


def test_passwords_are_read_once_and_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("ANOTHER", "stays")
    forget_secrets(read(WITH_SECRETS, root=ROOT, environ=SECRETS))
    assert [name for name in (*SECRETS, "ANOTHER") if name in os.environ] == ["ANOTHER"]


def test_an_installation_may_have_no_register() -> None:
    assert read({"gateway": GATEWAY, "register": {"url": ""}}, root=ROOT, environ={}).register.url == ""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"url": "sqlite:///var/ledger.db"}, "register.url: the ledger's own"),
        ({"four_eye": True}, "register: unknown key 'four_eye', did you mean 'four_eyes'?"),
        ({"suppliers_max_age_days": -1}, "register.suppliers_max_age_days: a whole number"),
        ({"largest_closing_percent": 120}, "register.largest_closing_percent: 100 at most"),
        ({"columns": {"nam": "Nom"}}, "register.columns: unknown column 'nam'"),
        ({"service_columns": {"name": "Nom"}}, "register.service_columns: unknown column 'name'"),
        ({"password_env": "UNSET"}, "register: password_env names the variable 'UNSET'"),
    ],
)
def test_a_wrong_register_is_named(table: Mapping[str, object], expected: str) -> None:
    assert expected in fault_of({"gateway": GATEWAY, "register": table})


@pytest.mark.parametrize(("interface", "advised"), [("FSO1120A", True), ("FSO1301A", True), ("FSO1100A", False)])
def test_an_interface_that_is_not_treated_may_be_subscribed_and_is_told(interface: str, *, advised: bool) -> None:
    partner = SUPPLIER | {"interfaces": [interface], "sirets": ["12345678200010"]}
    settings = read({"gateway": GATEWAY, "partners": {"acme": partner}}, root=ROOT, environ={})
    said = list(advise(settings, TODAY))
    assert bool(said) is advised
    assert all(line.startswith(f"partners.acme.interfaces: {interface} ") for line in said)


@pytest.mark.parametrize(
    ("partner", "said"),
    [
        (SUPPLIER, ["partners.acme.sirets: none is named, so nothing checks for whom acme may deposit"]),
        (SUPPLIER | {"sirets": ["12345678200010"]}, []),
        ({"role": "entity", "application_code": "SEI001", "sirets": ["11000201100044"]}, []),
    ],
)
def test_a_supplier_whose_sirets_are_not_named_is_told_to_be_unchecked(
    partner: Mapping[str, object], said: list[str]
) -> None:
    settings = read({"gateway": GATEWAY, "partners": {"acme": partner}}, root=ROOT, environ={})
    assert [line.split(": it can")[0] for line in advise(settings, TODAY)] == said


OVERRIDE = """
[BR-FR-CPRO-29]
severity = "warning"
reason = "until the vendor's release"
until = 2027-01-31
"""


def write_config(folder: Path, overrides: str, rules: str = "") -> Path:
    (folder / "overrides.toml").write_text(overrides, encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(
        f'[gateway]\napplication_code = "FLX001"\n[rules]\noverrides = "overrides.toml"\n{rules}', encoding="utf-8"
    )
    return config


def test_rules_are_weighed_as_published_unless_a_file_says_otherwise(tmp_path: Path) -> None:
    assert read({"gateway": GATEWAY}, root=ROOT, environ={}).rules.overrides.entries == ()
    (override,) = load(write_config(tmp_path, OVERRIDE)).rules.overrides.entries
    assert (override.rule, override.severity.value, override.until, override.partner) == (
        "BR-FR-CPRO-29",
        "warning",
        date(2027, 1, 31),
        "",
    )


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 1, 31), []),
        (
            date(2027, 2, 1),
            ["rules.overrides: BR-FR-CPRO-29 held until 2027-01-31: the rule weighs as published again"],
        ),
    ],
)
def test_an_override_that_ended_is_said(tmp_path: Path, today: date, said: list[str]) -> None:
    assert list(advise(load(write_config(tmp_path, OVERRIDE)), today)) == said


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ("[BR-FR-CPRO-99]\n", "no such rule"),
        (OVERRIDE.replace("warning", "info"), "severity: one of 'fatal', 'warning', 'off' expected"),
        (OVERRIDE.replace('"until the vendor\'s release"', '" "'), "reason: why, in words"),
        (OVERRIDE.replace("2027-01-31", '"2027-01-31"'), "until: the last day"),
        (OVERRIDE.replace("2027-01-31", "2027-01-31T00:00:00"), "until: the last day"),
        (OVERRIDE + "why = 1\n", "unknown key 'why'"),
        (OVERRIDE + 'partner = "acme"\n', "no such partner 'acme'"),
        (OVERRIDE.replace("BR-FR-CPRO-29", "XSD_INVALID"), "cannot be overridden"),
        (OVERRIDE.replace("BR-FR-CPRO-29", "BR-FR-CPRO-16").replace("warning", "fatal"), "never fatal"),
        (OVERRIDE.replace('"warning"', "[]"), "severity: one of 'fatal', 'warning', 'off' expected"),
        (OVERRIDE + "partner = []\n", "partner: a name in quotes expected"),
        ("[BR-FR-CPRO-29", "not TOML"),
        ("".join(f"[[BR-FR-CPRO-29]]{OVERRIDE.split(']')[1]}" for _ in "ab"), "twice for every partner"),
    ],
)
def test_a_wrong_override_is_told(tmp_path: Path, overrides: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        load(write_config(tmp_path, overrides))


def test_partners_may_differ(tmp_path: Path) -> None:
    both = "".join(
        OVERRIDE.replace("[BR-FR-CPRO-29]", "[[BR-FR-CPRO-29]]").replace('severity = "warning"', more)
        for more in ('severity = "warning"', 'severity = "off"\npartner = "acme"')
    )
    acme = '[partners.acme]\nrole = "supplier"\napplication_code = "FRN001"\ninterfaces = ["FSO1100A"]\n'
    overrides = load(write_config(tmp_path, both, acme)).rules.overrides
    weights = {
        partner: overrides.in_force(date(2026, 11, 23), partner)["BR-FR-CPRO-29"].severity.value
        for partner in ("", "acme", "beta")
    }
    assert weights == {"": "warning", "acme": "off", "beta": "warning"}
    assert overrides.in_force(date(2027, 2, 1), "acme") == {}


def test_contradictions_of_the_norm_are_read_as_the_installation_says() -> None:
    usual = read({"gateway": GATEWAY}, root=ROOT, environ={}).rules.readings
    assert (usual.foreign_id_characters, usual.account_characters) == (18, 34)
    tables = {"gateway": GATEWAY, "rules": {"readings": {"account_characters": 27}}}
    assert read(tables, root=ROOT, environ={}).rules.readings.account_characters == 27
