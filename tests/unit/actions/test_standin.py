"""The stand-in keeps to the registry's documented behaviour."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import yaml
from jsonschema import Draft7Validator, RefResolver

from actions.registry.client import FIELDS
from tests.standins.registry import Registry
from tests.standins.samples import SNAPSHOT

OPENAPI = SNAPSHOT / "ctg-oas-v2.0.3.yaml"


def get(registry: Registry, path: str, **query: str) -> requests.Response:
    return requests.get(registry.url + path, params=query, timeout=5)


@pytest.mark.skipif(not OPENAPI.exists(), reason="the official OpenAPI file is not at hand")
@pytest.mark.parametrize(
    ("path", "schema", "query"),
    [
        ("/studies", "PagedStudies", {"countTotal": "true", "pageSize": "3"}),
        ("/studies", "PagedStudies", {"fields": FIELDS, "query.term": '"CAR T" AND lupus'}),
        ("/studies/NCT90000001", "Study", {}),
        ("/version", "Version", {}),
    ],
)
def test_answers_have_the_official_shape(
    registry: Registry, path: str, schema: str, query: dict[str, str]
) -> None:
    specification: dict[str, Any] = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    schemas = specification["components"]["schemas"]
    if schema not in schemas:
        answers = specification["paths"][path]["get"]["responses"]["200"]["content"]
        reference: dict[str, Any] = answers["application/json"]["schema"]
    else:
        reference = {"$ref": f"#/components/schemas/{schema}"}
    resolver = RefResolver("", specification)
    answer = get(registry, path, **query)
    assert answer.headers["Content-Type"] == "application/json"
    Draft7Validator(reference, resolver=resolver).validate(answer.json())


def test_pages(registry: Registry) -> None:
    first = get(registry, "/studies", pageSize="4", countTotal="true").json()
    assert (first["totalCount"], len(first["studies"])) == (9, 4)
    second = get(
        registry, "/studies", pageSize="4", countTotal="true", pageToken=first["nextPageToken"]
    ).json()
    assert "totalCount" not in second
    third = get(registry, "/studies", pageSize="4", pageToken=second["nextPageToken"]).json()
    assert len(third["studies"]) == 1
    assert "nextPageToken" not in third


def test_status_filter(registry: Registry) -> None:
    found = get(registry, "/studies", **{"filter.overallStatus": "COMPLETED"}).json()["studies"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"query.term": "(lupus"}, "Error parsing query in Other terms: missing ')' at '<EOF>'"),
        ({"query.cond": "lupus]"}, "mismatched input ']'"),
        ({"query.term": "lupus AND"}, "Error parsing query in Other terms"),
        ({"filter.overallStatus": "BAD"}, "Invalid value in parameter `overallStatus`: `BAD`"),
        ({"fields": "Nonsense"}, "contains invalid field name: 'Nonsense'"),
    ],
)
def test_bad_requests_are_told_in_plain_text(
    registry: Registry, query: dict[str, str], message: str
) -> None:
    answer = get(registry, "/studies", **query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain"
    assert message in answer.text


def test_a_study_that_is_not_there(registry: Registry) -> None:
    assert get(registry, "/studies/NCT00000000").status_code == 404


def test_it_misbehaves_on_demand(registry: Registry) -> None:
    control = registry.url.removesuffix("/api/v2")
    assert requests.post(f"{control}/_mode/forbidden", timeout=5).status_code == 204
    assert get(registry, "/studies").status_code == 403
    assert requests.post(f"{control}/_mode/nonsense", timeout=5).status_code == 404
