"""Renders replies from the texts of data/trials.yml. No words of its own.

A reply uses bold, "- " lists and links only, ends with the source line, and stays under 3,500
characters with three studies of the longest titles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from actions.registry.matching import Match, Selection, countries
from actions.registry.studies import Contact, Site, Study
from guide.content.trials import TrialContent
from guide.trials.places import Place

MAX_COUNTRIES = 5
TITLE_LIMIT = 60  # characters of a button


@dataclass(frozen=True)
class Reply:
    """One message. `offset` is how many studies of the list the patient has now seen."""

    text: str
    buttons: tuple[str, ...] = ()  # each is the title, and also what it types
    place: str | None = None
    offset: int = 0
    places: tuple[str, ...] = ()  # what to choose from
    data_date: str = ""  # of the list, ISO; "" where there is none


class Wording:
    """Puts the texts together."""

    def __init__(self, content: TrialContent) -> None:
        self._content = content
        self._texts = content.texts

    def which_place(self, candidates: Sequence[Place]) -> Reply:
        """Asks which of several places is meant."""
        places = tuple(place.label for place in candidates)
        options = [
            self._say("which_place_option", number=number, place=place)
            for number, place in enumerate(places, 1)
        ]
        lines = [self._say("which_place"), "", *options, "", *self._last_lines(None, None)]
        buttons = tuple(self._say("button_near", place=place)[:TITLE_LIMIT] for place in places)
        return Reply("\n".join(lines), buttons, places=places)

    def outage(self, place: Place | None, offset: int) -> Reply:
        """There is no list, new or old."""
        lines = [self._say("outage"), "", *self._last_lines(place, None)]
        return Reply("\n".join(lines), (), place.label if place else None, offset)

    def studies(
        self,
        selection: Selection,
        *,
        all_studies: Sequence[Study],
        place: Place | None,
        offset: int,
        data_date: date,
        failing: bool,
        unknown_place: bool,
    ) -> Reply:
        """A page of studies, or the fact that there is none.

        Args:
            selection: the studies to show, in order.
            all_studies: every study on the list, for its countries.
            place: where the patient asked about.
            offset: how many of the selection were shown before.
            data_date: the date of the list.
            failing: the list could not be renewed.
            unknown_place: the patient named a place that we do not know.
        """
        shown = selection.matches[offset : offset + self._content.studies_per_reply]
        end = offset + len(shown)
        blocks = []
        if unknown_place:
            blocks.append(self._say("unknown_place"))
        if failing:
            blocks.append(self._say("stale", date=self._date(data_date)))
        blocks.append(self._headline(selection, all_studies, place, offset, end))
        for number, match in enumerate(shown, start=offset + 1):
            blocks.append(self._study(number, match, selection))
        blocks.append("\n".join(self._last_lines(place, data_date)))
        more = (self._content.more_phrases[0],) if end < len(selection.matches) else ()
        label = place.label if place else None
        return Reply("\n\n".join(blocks), more, label, end, data_date=data_date.isoformat())

    def sources(self, data_date: str) -> str:
        """Where a list of that date (ISO; "" where none was shown) comes from."""
        link = self._content.links["search"]
        if not data_date:
            return self._say("sources_undated", link=link)
        return self._say("sources", link=link, date=self._date(date.fromisoformat(data_date)))

    def _headline(
        self,
        selection: Selection,
        all_studies: Sequence[Study],
        place: Place | None,
        offset: int,
        end: int,
    ) -> str:
        count = len(selection.matches)
        where = self._spoken(place) if place else ""
        if not all_studies:
            return self._say("none_at_all")
        if offset and offset >= count:
            return self._say("no_more")
        if offset:
            return self._more(offset + 1, end, count)
        everywhere = self._countries(countries(all_studies))
        if selection.kind == "near":
            radius = self._content.radius_miles
            return self._say("near", radius=radius, place=where, count=count)
        if selection.kind == "far" and count:
            return self._none_near(selection.matches[0], where)
        if selection.kind == "region" and count:
            return self._say("in_region", place=where, count=count)
        if place:
            total = len(all_studies)
            return self._say("none_in_region", place=where, count=total, countries=everywhere)
        return self._say("anywhere", count=count, countries=everywhere)

    def _more(self, first: int, last: int, count: int) -> str:
        if first < last:
            return self._say("more", first=first, last=last, count=count)
        if last < count:
            return self._say("more_one", number=last, count=count)
        return self._say("more_last", count=count)

    def _none_near(self, nearest: Match, where: str) -> str:
        return self._say(
            "none_near",
            radius=self._content.radius_miles,
            place=where,
            miles=about(nearest.miles or 0.0),
            nearest=_place_of(nearest.site) if nearest.site else "",
        )

    def _study(self, number: int, match: Match, selection: Selection) -> str:
        study = match.study
        phases = self._content.phases
        lines = [
            self._say("study_title", number=number, title=study.title),
            self._say("study_phase", phase=phases.get(study.phase, phases["none"])),
        ]
        if study.children_only:
            lines.append(self._say("study_children"))
        if study.least_age or study.most_age:
            lines.append(self._say("study_ages", ages=self._ages(study)))
        lines += self._where(match, selection)
        contact = (match.site and match.site.contact) or study.contact
        if contact:
            lines.append(self._say("study_contact", contact=_contact(contact)))
        if study.updated:
            lines.append(self._say("study_updated", date=self._date(study.updated)))
        link = self._content.links["study"].format(nct=study.nct)
        lines.append(self._say("study_link", nct=study.nct, link=link))
        return "\n".join(lines)

    def _where(self, match: Match, selection: Selection) -> list[str]:
        if match.site is None:
            if not match.sites:
                return []
            where = self._countries(countries([match.study]))
            return [self._say("study_everywhere", count=match.sites, countries=where)]
        site = ", ".join(part for part in (match.site.facility, _place_of(match.site)) if part)
        if match.miles is None:
            lines = [self._say("study_site", site=site)]
        else:
            lines = [self._say("study_site_miles", site=site, distance=self._distance(match.miles))]
        if match.sites > 1 and selection.kind != "far":
            lines.append(self._say("study_more_sites", count=match.sites - 1))
        return lines

    def _distance(self, miles: float) -> str:
        if miles < 10:
            return self._say("distance_short")
        return self._say("distance", miles=about(miles))

    def _ages(self, study: Study) -> str:
        least, most = study.least_age.lower(), study.most_age.lower()
        if least and most:
            return self._say("ages_between", least=least, most=most)
        return self._say("ages_from", least=least) if least else self._say("ages_to", most=most)

    def _countries(self, names: Sequence[str]) -> str:
        listed = ", ".join(self._content.countries.get(n, n) for n in names[:MAX_COUNTRIES])
        rest = len(names) - MAX_COUNTRIES
        return self._say("more_countries", countries=listed, count=rest) if rest > 0 else listed

    def _last_lines(self, place: Place | None, data_date: date | None) -> list[str]:
        link = self._content.links["search"] + search_place(place, self._content.radius_miles)
        search = (
            self._say("search_place", place=self._spoken(place), link=link)
            if place
            else self._say("search", link=link)
        )
        source = (
            self._say("source", date=self._date(data_date))
            if data_date
            else self._say("source_undated")
        )
        return [search, "", self._say("caution"), "", source]

    def _spoken(self, place: Place) -> str:
        """A place as a sentence names it: "the United States"."""
        return self._content.countries.get(place.label, place.label)

    def _date(self, day: date) -> str:
        month = self._content.months[day.month - 1]
        return self._content.date.format(month=month, day=day.day, year=day.year)

    def _say(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values)


def about(miles: float) -> int:
    """Miles as exact as a distance between two cities deserves."""
    step = 5 if miles < 100 else 10
    return max(step, round(miles / step) * step)


def search_place(place: Place | None, radius_miles: int) -> str:
    """The part of the registry's search address that holds a place.

    The site wants `country` (and `state`, `city`) beside `locStr`; `distance` is in miles.
    """
    if place is None:
        return ""
    name = place.city or place.state or place.country
    whole = f"{name}, {place.state or place.country}" if place.city else name
    parts = {"locStr": whole, "country": place.country}
    parts.update({"state": place.state} if place.state else {})
    parts.update({"city": place.city, "distance": str(radius_miles)} if place.city else {})
    # Parentheses would end a Markdown link; quote() turns them and the spaces into %xx.
    return "".join(f"&{key}={quote(value, safe=',')}" for key, value in parts.items())


def _place_of(site: Site) -> str:
    region = site.state if site.country == "United States" and site.state else site.country
    return ", ".join(part for part in (site.city, region) if part)


def _contact(contact: Contact) -> str:
    return ", ".join(part for part in (contact.phone, contact.email) if part)
