"""The ladder, through the real database: what an article is recognised as."""

# ruff: noqa: E501 - lines of Chinese, Persian and Thai are shorter on screen than they count

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.articles import Dateline, Partial
from monitor.model.stories import Rung
from monitor.store import articles, sketches, stories
from monitor.stories.scoring import hours
from tests.stories.texts import BLAST, BLAST_TITLE, NOW, RAIN, RAIN_TITLE

INDEPENDENT_TITLE = "One dead in blast at a house in northern Balkh"
INDEPENDENT = (
    "At least one person died and another was injured when an explosion tore through a house in Hamdard village in "
    "Dehdadi district on Tuesday evening, residents of Balkh province told our reporter. The Balkh security command "
    "blamed men from Kashanda district who, it said, were assembling a device in the house. Neighbours in Dehdadi "
    "said smoke rose above the village after the explosion and that the road to Mazar-e-Sharif was closed."
)


def test_the_same_item_is_recognised(put):
    first = put(BLAST_TITLE, BLAST)
    again = put(BLAST_TITLE, BLAST, hours=1)
    assert first.rung is Rung.NEW
    assert (again.rung, again.article_id, again.target) == (Rung.ITEM, first.article_id, first.article_id)


@pytest.mark.parametrize(
    "change",
    [
        {"guid": "b"},
        {"guid": None},
        {"url": "http://www.one.example/a/?utm_source=rss"},
        {"url": "https://one.example/moved"},
        {"feed": "other", "guid": "z"},
    ],
)
def test_churned_guids_and_addresses_are_the_same_article(put, change):
    first = put(BLAST_TITLE, BLAST)
    again = put(BLAST_TITLE, BLAST, hours=1, **change)
    assert again.article_id == first.article_id
    assert again.rung in (Rung.ITEM, Rung.ARTICLE)
    assert not again.changes


def test_a_churned_guid_is_known_from_then_on(put):
    put(BLAST_TITLE, BLAST)
    put(BLAST_TITLE, BLAST, guid="b")
    assert put(BLAST_TITLE, BLAST, guid="b").rung is Rung.ITEM


def test_a_changed_toll_is_a_material_revision(put, store):
    first = put(BLAST_TITLE, BLAST)
    again = put("Explosion in Dehdadi district kills three", BLAST.replace("one person", "three people"), hours=2)
    assert (again.rung, again.article_id) == (Rung.ARTICLE, first.article_id)
    assert "killed 1 → 3" in [change.text for change in again.changes]
    with store.read() as db:
        assert articles.versions(db, first.article_id)[0]["title"] == BLAST_TITLE
        assert articles.get(db, first.article_id).version == 2


def test_a_cosmetic_revision_says_so(put):
    put(BLAST_TITLE, BLAST)
    again = put(BLAST_TITLE, f"{BLAST}\nUpdated 14:05 GMT\n17 comments", hours=2)
    assert again.rung is Rung.ARTICLE
    assert again.changes == ()
    assert "nothing material" in again.reason


def test_a_reused_guid_is_a_new_article_and_ends_the_trust_in_the_feed(put):
    put(BLAST_TITLE, BLAST)
    other = put(RAIN_TITLE, RAIN, url="https://one.example/rain", guid="a", hours=1)
    assert other.rung is Rung.NEW
    # From now on the feed's guids name nothing: the address decides.
    again = put(BLAST_TITLE, BLAST, url="https://one.example/a", guid="other", hours=2)
    assert again.rung is Rung.ARTICLE


def test_a_front_page_as_link_identifies_nothing(put):
    first = put(BLAST_TITLE, BLAST, url="https://one.example/", guid="1")
    other = put(RAIN_TITLE, RAIN, url="https://one.example/", guid="2", hours=1)
    assert other.article_id != first.article_id
    assert other.rung is Rung.NEW


def test_one_address_with_another_guid_title_and_text_is_a_new_article(put):
    first = put(BLAST_TITLE, BLAST, url="https://one.example/live", guid="1")
    other = put(RAIN_TITLE, RAIN, url="https://one.example/live", guid="2", hours=1)
    assert other.rung is Rung.NEW
    assert other.article_id != first.article_id


@pytest.mark.parametrize("words", [60, 90, 130])
def test_a_copy_cut_short_is_recognised(put, words):
    first = put(BLAST_TITLE, BLAST)
    cut = " ".join(BLAST.split()[:words])
    copy = put(BLAST_TITLE, cut, url="https://two.example/x", feed="two", guid="x", hours=3)
    assert (copy.rung, copy.target, copy.story_id) == (Rung.COPY, first.article_id, first.story_id)
    assert (copy.sources, copy.independent) == (2, 1)


def test_a_copy_under_another_headline_is_recognised(put):
    put(BLAST_TITLE, BLAST)
    copy = put("Blast shakes Balkh village", BLAST, url="https://two.example/x", feed="two", guid="x", hours=3)
    assert copy.rung is Rung.COPY


def test_a_copy_amid_boilerplate_is_recognised(put):
    put(BLAST_TITLE, BLAST)
    around = f"Sign up for our letter.\nGive today and keep us free.\n{BLAST}\nAll rights reserved by the publisher.\nShare this."
    assert put(BLAST_TITLE, around, url="https://two.example/x", feed="two", guid="x").rung is Rung.COPY


def test_a_full_text_after_its_cut_copy_is_recognised(put):
    cut = " ".join(BLAST.split()[:60])
    first = put(BLAST_TITLE, cut)
    assert put(BLAST_TITLE, BLAST, url="https://two.example/x", feed="two", guid="x").target == first.article_id


def test_a_copy_with_another_toll_is_never_silent(put):
    put(BLAST_TITLE, BLAST)
    changed = BLAST.replace("killed at least one person", "killed at least four people")
    update = put("Explosion in Dehdadi kills four", changed, url="https://two.example/x", feed="two", guid="x", hours=2)
    assert update.rung is Rung.STORY
    assert [change.text for change in update.changes] == ["killed 1 → 4"]


def test_the_figures_of_a_text_that_overlaps_stand_beside_those_of_the_story(put):
    put(BLAST_TITLE, BLAST)
    other = BLAST.replace("one person", "three people")
    kept = put("Three dead", other, url="https://two.example/x", feed="two", guid="x", hours=3)
    assert kept.rung is not Rung.COPY
    beside = {name: value for name, value in kept.scores.items() if name.startswith("overlap_")}
    assert beside.keys() == {"overlap_containment", "overlap_numbers", "overlap_title"}
    assert kept.scores["title"] < beside["overlap_title"] == 1.0


def test_a_copy_after_the_time_limit_is_not_silent(put):
    put(BLAST_TITLE, BLAST)
    late = put(BLAST_TITLE, BLAST, url="https://two.example/x", feed="two", guid="x", hours=24 * 5)
    assert late.rung is not Rung.COPY


def test_an_independent_report_joins_the_story(put):
    first = put(BLAST_TITLE, BLAST)
    second = put(INDEPENDENT_TITLE, INDEPENDENT, url="https://three.example/y", feed="three", guid="y", hours=3)
    assert (second.rung, second.story_id) == (Rung.STORY, first.story_id)
    assert (second.sources, second.independent) == (2, 2)
    assert second.scores["probability"] > 0.5


@pytest.mark.parametrize(
    ("first", "second", "apart"), [(48, 12, 36), (48, 48, 0), (12, 48, 36), (None, 12, None), (12, None, None)]
)
def test_the_hours_between_are_those_of_publication_whenever_a_poll_saw_them(put, first, second, apart):
    """A first poll sees days of reports in one minute."""
    put(BLAST_TITLE, BLAST, published=first and NOW - timedelta(hours=first))
    placed = put(INDEPENDENT_TITLE, INDEPENDENT, url="https://three.example/y", feed="three", guid="y",
                 published=second and NOW - timedelta(hours=second))  # fmt: skip
    figures = hours(None if apart is None else timedelta(hours=apart))
    assert {name: placed.scores[name] for name in figures} == pytest.approx(figures, abs=0.001)


def test_two_old_reports_of_one_time_are_one_story_though_they_come_now(put):
    long_ago = NOW - timedelta(days=6)
    first = put(BLAST_TITLE, BLAST, published=long_ago)
    second = put(INDEPENDENT_TITLE, INDEPENDENT, url="https://three.example/y", feed="three", guid="y",
                 published=long_ago + timedelta(hours=-1))  # fmt: skip
    assert second.story_id == first.story_id


def test_a_second_explosion_a_day_later_is_a_new_story(put):
    put(BLAST_TITLE, BLAST)
    other = put(
        "Blast near a market in Balkh's Sholgara district wounds six",
        "A bomb hidden in a handcart wounded six shoppers near the cattle market of Sholgara district on Wednesday, the "
        "police of Balkh province said. Four of the wounded are brothers. Nobody claimed the attack. Traders closed "
        "their shops for the rest of the day, and the governor promised lamps and guards for the market.",
        url="https://one.example/b",
        guid="b",
        hours=25,
    )
    assert other.rung is Rung.NEW


def test_another_event_is_a_new_story(put):
    put(BLAST_TITLE, BLAST)
    assert put(RAIN_TITLE, RAIN, url="https://one.example/r", guid="r", hours=1).rung is Rung.NEW


def test_a_headline_alone_is_threaded_at_most(put):
    put(BLAST_TITLE, "")
    again = put(BLAST_TITLE, "", url="https://two.example/x", feed="two", guid="x", hours=1)
    assert again.rung in (Rung.STORY, Rung.NEW)


def test_two_reports_with_one_agency_are_one_origin(put):
    by_agency = {"dateline": Dateline(place="Kabul", agency="AFN", start=0, end=5)}
    put(BLAST_TITLE, BLAST, **by_agency)
    second = put(INDEPENDENT_TITLE, INDEPENDENT, url="https://three.example/y", feed="three", guid="y", **by_agency)
    assert (second.sources, second.independent) == (2, 1)


def test_a_whole_text_is_not_replaced_by_a_partial_one(put, store):
    first = put(BLAST_TITLE, BLAST)
    again = put(BLAST_TITLE, BLAST[:120], partial=Partial.PAYWALL, hours=1)
    assert (again.rung, again.changes) == (Rung.ARTICLE, ())
    with store.read() as db:
        assert articles.get(db, first.article_id).article.text == BLAST


def test_what_a_page_adds_to_its_summary_is_no_material_change(put):
    put(BLAST_TITLE, BLAST[:200], partial=Partial.UNREACHABLE)
    again = put(BLAST_TITLE, BLAST, hours=1)
    assert (again.rung, again.changes) == (Rung.ARTICLE, ())


def test_every_verdict_is_kept_with_its_figures(put, store):
    put(BLAST_TITLE, BLAST)
    copy = put(BLAST_TITLE, BLAST, url="https://two.example/x", feed="two", guid="x")
    with store.read() as db:
        (kept,) = stories.placements_of_article(db, copy.article_id)
    assert kept.rung == "copy"
    assert kept.scores["containment"] == 1.0
    assert kept.reason


def test_published_dates_out_of_this_world_are_ignored(put, store):
    for n, year in enumerate((1, 1850, 2099, 9999)):
        placed = put(f"{RAIN_TITLE} {n}", "", url=f"https://one.example/{n}", guid=str(n),
                     published=datetime(year, 1, 1, tzinfo=UTC))  # fmt: skip
        with store.read() as db:
            assert articles.get(db, placed.article_id).happened == NOW


def test_a_clock_that_steps_back_breaks_nothing(put):
    first = put(BLAST_TITLE, BLAST)
    copy = put(BLAST_TITLE, BLAST, url="https://two.example/x", feed="two", guid="x", hours=-2)
    assert copy.story_id == first.story_id


def test_empty_articles_are_placed(put):
    assert put("", "", url="https://one.example/e", guid=None).rung is Rung.NEW
    assert put("", "", url="", feed="", guid=None).article_id


def test_a_body_of_five_megabytes_is_no_burden(put):
    first = put(BLAST_TITLE, BLAST + " word" * 1_000_000)
    copy = put(BLAST_TITLE, BLAST, url="https://two.example/x", feed="two", guid="x")
    assert copy.story_id == first.story_id


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "انفجار در ولسوالی دهدادی یک کشته برجای گذاشت",
            "منابع محلی در ولایت بلخ می‌گویند که شامگاه سه‌شنبه بر اثر انفجار در یک خانه مسکونی در روستای همدرد ولسوالی دهدادی "
            "دست‌کم یک نفر کشته و یک تن دیگر زخمی شده است. باشندگان محل می‌گویند که صدای مهیبی پس از نماز شام شنیده شد و دود از "
            "بام خانه‌ها برخاست. فرماندهی امنیه گفته است که افراد داخل خانه سرگرم ساختن ماین بودند و راه به سوی شهر بسته شد.",
        ),
        (
            "北部村庄民宅爆炸造成一人死亡",
            "当地消息人士称，周二晚间，巴尔赫省德达迪地区哈姆达尔德村一所民宅发生爆炸，造成至少一人死亡，另有一人受伤。居民说，晚祷后不久听到一声巨响，"
            "随后看到屋顶上方冒出浓烟。三名受轻伤的邻居自行离开诊所。该省安全指挥部表示，屋内的人正在组装装置时发生爆炸，死者和伤者均来自喀尚达地区。",
        ),
        (
            "Взрыв в уезде Дехдади: один человек погиб",
            "По меньшей мере один человек погиб и еще один ранен в результате взрыва в жилом доме в деревне Хамдард уезда Дехдади "
            "во вторник вечером, сообщили местные источники в северной провинции Балх. Жители услышали громкий хлопок вскоре после "
            "вечерней молитвы и увидели дым над крышами. Командование безопасности заявило, что люди в доме собирали устройство.",
        ),
        (
            "ระเบิดในบ้านพักคร่าชีวิตหนึ่งราย",
            "แหล่งข่าวท้องถิ่นระบุว่าเกิดเหตุระเบิดในบ้านพักแห่งหนึ่งในหมู่บ้านทางตอนเหนือเมื่อค่ำวันอังคารทำให้มีผู้เสียชีวิตอย่างน้อยหนึ่งรายและบาดเจ็บอีกหนึ่งราย"
            "ชาวบ้านได้ยินเสียงดังสนั่นหลังละหมาดเย็นและเห็นควันลอยเหนือหลังคาบ้าน",
        ),
    ],
)
def test_copies_are_recognised_in_every_script(put, title, text):
    first = put(title, text)
    copy = put(title, text[: len(text) * 2 // 3], url="https://two.example/x", feed="two", guid="x", hours=1)
    assert (copy.rung, copy.target) == (Rung.COPY, first.article_id)


def test_many_copies_cost_the_same_each(put, store):
    """150 here: look-ups read the source alone, however many copies it has."""
    for n in range(150):
        copy = put(BLAST_TITLE, BLAST, url=f"https://site{n}.example/x", feed=f"feed{n}", guid="x")
    assert copy.rung is Rung.COPY
    assert copy.sources == 150
    with store.read() as db:
        assert db.execute("SELECT count(*) FROM articles WHERE sketch <> x''").fetchone()[0] == 1


def test_old_sketches_are_forgotten(put, store):
    put(BLAST_TITLE, BLAST)
    with store.transaction() as db:
        assert sketches.forget(db, before=NOW + timedelta(hours=1)) == 1
        assert db.execute("SELECT count(*) FROM sketch").fetchone()[0] == 0
        assert sketches.forget(db, before=NOW + timedelta(hours=1)) == 0


def test_a_report_in_another_language_is_a_story_of_its_own(put):
    put(
        "انفجار در خانه‌ای در ولسوالی دهدادی بلخ؛ دست‌کم یک تن کشته شد",
        "منابع محلی در ولایت بلخ می‌گویند که شام سه‌شنبه در پی انفجار در یک خانه در روستای همدرد ولسوالی دهدادی، در نزدیکی "
        "شهر مزار شریف، دست‌کم یک تن کشته و یک تن دیگر زخمی شده است. فرماندهی امنیه طالبان در بلخ گفته است که اعضای داعش "
        "خراسان در این خانه بودند.",
        language="fa",
    )
    pashto = put(
        "د بلخ په دهدادي ولسوالۍ کې په یوه کور کې چاودنه؛ لږ تر لږه یو تن وژل شوی",
        "د بلخ ولایت سیمه‌ییزې سرچینې وايي، د سه‌شنبې په ماښام د دهدادي ولسوالۍ د همدرد په کلي کې د مزار شریف ښار ته نږدې په "
        "یوه کور کې چاودنه شوې ده. په بلخ کې د طالبانو امنیه قوماندانۍ ویلي چې د داعش خراسان غړي په دې کور کې وو.",
        url="https://two.example/p", feed="two", guid="p", hours=1, language="ps",
    )  # fmt: skip
    assert pashto.rung is Rung.NEW
    assert pashto.scores.get("probability", 0.0) < 0.2


def test_two_short_texts_that_share_a_word_are_two_stories(put):
    put("Explosion in the river quarter", BLAST, url="https://one.example/1", guid="1")
    short = put("Explosion of pages", "An explosion, said at great length.", url="https://one.example/2", guid="2")
    assert short.rung is Rung.NEW
