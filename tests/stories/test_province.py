"""Reports of one province in one hour, in several languages: a horse race, and twice a night of frost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.stories import profile as profiles
from monitor.stories import rarity
from monitor.stories import words as w
from monitor.stories.languages import languages
from monitor.stories.scoring import features, probability, weights
from tests.stories.texts import NOW
from tests.stories.weighing import story_of, weighed

KNOWN = (0, 50)
"""Articles that the store has counted: none, or what a first poll brings."""
SHARES = {
    "Balkh": 0.4, "Mazar": 0.25, "Sharif": 0.25, "Dehdadi": 0.05,
    "بلخ": 0.4, "مزار": 0.25, "شریف": 0.25, "دهدادی": 0.05,
    "Charif": 0.25, "Masar": 0.25, "Scharif": 0.25, "巴尔": 0.4, "尔赫": 0.4,
    "Балх": 0.2, "Балхе": 0.2, "Балха": 0.15, "Мазари": 0.25, "Шариф": 0.25, "Дехдади": 0.05,
}  # fmt: skip
"""In how many of them the names stand."""
RACE, FROST, FROST_AGAIN = "race", "frost", "frost again"
REPORTS = {
    "en": {
        RACE: (
            "Horse race in Balkh",
            "A horse race at Mazar-e-Sharif filled the plain of Balkh on Wednesday. Dozens of riders from the "
            "district of Dehdadi came to Mazar-e-Sharif, and the cup of Balkh went to the team of Dehdadi.",
        ),
        FROST: (
            "Frost hits seedlings in Balkh",
            "Frost hit the province of Balkh on Wednesday night. Farmers in the district of Dehdadi cover their "
            "seedlings with straw. Onions are dearer in Mazar-e-Sharif, and the weather service of Balkh expects "
            "another icy night.",
        ),
        FROST_AGAIN: (
            "Farmers of Balkh lose seedlings to frost",
            "Part of the seedlings of farmers in Dehdadi, a district of Balkh, is lost to the frost. They have to "
            "cover what is left with straw, they say. The weather service warned of another icy night, and in "
            "Mazar-e-Sharif the price of onions has risen.",
        ),
    },
    "fa": {
        RACE: (
            "مسابقه بزکشی در بلخ",
            "در شهر مزار شریف مرکز ولایت بلخ روز چهارشنبه مسابقه بزکشی برگزار شد. ده‌ها سوارکار از ولسوالی دهدادی "
            "بلخ در این مسابقه شرکت کردند و هزاران تماشاچی در میدان مزار شریف گرد آمدند. جام این مسابقه به "
            "سوارکاران دهدادی رسید.",
        ),
        FROST: (
            "سرما کشت‌های بلخ را زد",
            "سرمای شدید در ولایت بلخ به کشت‌ها آسیب رساند. دهقانان ولسوالی دهدادی بلخ می‌گویند نهال‌های بادام در "
            "شب چهارشنبه یخ زدند. ریاست زراعت بلخ در مزار شریف از دهقانان خواست که نهال‌ها را با کاه بپوشانند. "
            "قیمت پیاز در بازار مزار شریف بالا رفته است.",
        ),
        FROST_AGAIN: (
            "یخ‌بندان به باغ‌های بادام در بلخ زیان رساند",
            "یخ‌بندان شب گذشته به باغ‌های بادام و کشت‌های دهقانان در ولسوالی دهدادی ولایت بلخ زیان رسانده است. "
            "شماری از دهقانان می‌گویند که سرمای شدید نهال‌های بادام را از میان برده و آن‌ها کشت‌های شان را با کاه "
            "پوشانده‌اند. بهای پیاز نیز در مزار شریف افزایش یافته است.",
        ),
    },
    "ps": {
        RACE: (
            "په بلخ کې د اسونو سیالي",
            "د بلخ ولایت په مرکز مزار شریف ښار کې د چهارشنبې په ورځ د بزکشۍ سیالي وشوه. د بلخ د دهدادي ولسوالۍ "
            "لسګونو سپرو په کې برخه واخیسته او جام د دهدادي لوبډلې وګاټه.",
        ),
        FROST: (
            "یخنۍ د بلخ کښتونه وهلي",
            "د بلخ ولایت په دهدادي ولسوالۍ کې د چهارشنبې په شپه سختې یخنۍ کښتونه وهلي دي. په مزار شریف کې د پیازو "
            "بیه لوړه شوې، او د بلخ د کرنې ریاست بزګرانو ته ویلي چې نیالګي په بوسو وپوښي.",
        ),
        FROST_AGAIN: (
            "سختې یخنۍ د بلخ بزګرانو ته زیان اړولی",
            "په بلخ ولایت کې سختې یخنۍ د دهدادي ولسوالۍ د بزګرانو کښتونه او نیالګي وهلي دي. بزګران وايي نیالګي یې "
            "په بوسو پوښلي، او په مزار شریف کې د پیازو بیه لوړه شوې ده.",
        ),
    },
    "ar": {
        RACE: (
            "سباق خيل في بلخ",
            "أقيم يوم الأربعاء سباق للخيل في مدينة مزار شريف مركز ولاية بلخ. وشارك فيه عشرات الفرسان من مديرية "
            "دهدادي في بلخ، وفاز فريق دهدادي بالكأس أمام جمهور مزار شريف.",
        ),
        FROST: (
            "الصقيع يضرب مزروعات بلخ",
            "ضرب الصقيع مزروعات ولاية بلخ ليلة الأربعاء. ويغطي فلاحو مديرية دهدادي الشتلات بالقش، وارتفع سعر "
            "البصل في سوق مزار شريف، وتتوقع الأرصاد في بلخ ليلة باردة أخرى.",
        ),
        FROST_AGAIN: (
            "موجة صقيع تتلف الشتلات في بلخ",
            "أتلفت موجة صقيع شتلات الفلاحين في مديرية دهدادي بولاية بلخ. وقال فلاحون إنهم يغطون الشتلات بالقش "
            "خوفا من ليلة باردة أخرى تتوقعها الأرصاد، فيما ارتفع سعر البصل في مزار شريف.",
        ),
    },
    "ru": {
        RACE: (
            "Скачки в Балхе",
            "В Мазари-Шарифе, центре провинции Балх, в среду прошли скачки. Десятки всадников из уезда Дехдади "
            "приехали на праздник в Мазари-Шариф. Кубок Балха достался команде из Дехдади.",
        ),
        FROST: (
            "Мороз ударил по посевам в Балхе",
            "В провинции Балх в среду ударил мороз. Крестьяне уезда Дехдади укрывают рассаду соломой. В "
            "Мазари-Шарифе подорожал лук, метеослужба Балха ждёт ещё одну холодную ночь.",
        ),
        FROST_AGAIN: (
            "Заморозки в Балхе губят рассаду",
            "Заморозки погубили часть рассады у крестьян уезда Дехдади в афганской провинции Балх. По словам "
            "крестьян, посевы приходится укрывать соломой. Метеослужба предупредила, что мороз продержится и "
            "следующей ночью, а цены на лук в Мазари-Шарифе уже выросли.",
        ),
    },
    "de": {
        RACE: (
            "Pferderennen in Balkh",
            "In Masar-e Scharif in der Provinz Balkh fand am Mittwoch ein Pferderennen statt. Dutzende Reiter aus "
            "dem Bezirk Dehdadi kamen nach Masar-e Scharif, der Pokal von Balkh ging an die Mannschaft aus "
            "Dehdadi.",
        ),
        FROST: (
            "Frost in Balkh zerstört Setzlinge",
            "In der Provinz Balkh hat es in der Nacht zum Mittwoch starken Frost gegeben. Bauern im Bezirk "
            "Dehdadi decken ihre Setzlinge mit Stroh ab. In Masar-e Scharif sind Zwiebeln teurer geworden, und "
            "der Wetterdienst erwartet eine weitere eisige Nacht.",
        ),
        FROST_AGAIN: (
            "Bauern in Balkh verlieren Setzlinge durch Frost",
            "Ein Teil der Setzlinge im Bezirk Dehdadi ist dem Frost zum Opfer gefallen, sagen Bauern der Provinz "
            "Balkh. Den Rest schützen sie mit Stroh. Der Wetterdienst warnt vor einer weiteren eisigen Nacht; in "
            "Masar-e Scharif ist der Preis für Zwiebeln gestiegen.",
        ),
    },
    "fr": {
        RACE: (
            "Course de chevaux à Balkh",
            "Une course de chevaux a eu lieu mercredi à Mazar-e-Charif, capitale de la province de Balkh. Des "
            "dizaines de cavaliers du district de Dehdadi sont venus à Mazar-e-Charif et la coupe de Balkh est "
            "revenue à l'équipe de Dehdadi.",
        ),
        FROST: (
            "Le gel détruit les semis à Balkh",
            "Un gel sévère a frappé la province de Balkh dans la nuit de mercredi. Les paysans du district de "
            "Dehdadi couvrent leurs semis de paille. À Mazar-e-Charif, le prix des oignons a augmenté et la météo "
            "attend une autre nuit glaciale.",
        ),
        FROST_AGAIN: (
            "Des paysans de Balkh perdent leurs semis à cause du gel",
            "Une partie des semis du district de Dehdadi, dans la province de Balkh, a péri sous le gel, disent "
            "les paysans, qui couvrent le reste de paille. La météo annonce une nouvelle nuit glaciale et les "
            "oignons sont plus chers à Mazar-e-Charif.",
        ),
    },
    "zh": {
        RACE: (
            "巴尔赫举行赛马",
            "周三，巴尔赫省首府马扎里沙里夫举行赛马。数十名骑手从德赫达迪县来到马扎里沙里夫，巴尔赫杯由德赫达迪队获得。",
        ),
        FROST: (
            "巴尔赫霜冻毁坏幼苗",
            "巴尔赫省周三夜间遭遇严重霜冻。德赫达迪县的农民用稻草覆盖幼苗。马扎里沙里夫的洋葱价格上涨，气象部门预计还将有一个寒冷的夜晚。",
        ),
        FROST_AGAIN: (
            "巴尔赫农民因霜冻失去幼苗",
            "巴尔赫省德赫达迪县部分幼苗被霜冻毁坏，农民说他们用稻草覆盖剩下的幼苗。气象部门警告还会有一个寒冷的夜晚，马扎里沙里夫的洋葱也涨价了。",
        ),
    },
    "es": {
        RACE: (
            "Carrera de caballos en Balkh",
            "Una carrera de caballos se celebró el miércoles en Mazar-e-Sharif, capital de la provincia de Balkh. "
            "Decenas de jinetes del distrito de Dehdadi llegaron a Mazar-e-Sharif y la copa de Balkh fue para el "
            "equipo de Dehdadi.",
        ),
        FROST: (
            "La helada destruye plantones en Balkh",
            "Una fuerte helada azotó la provincia de Balkh en la noche del miércoles. Los campesinos del distrito "
            "de Dehdadi cubren los plantones con paja. En Mazar-e-Sharif han subido las cebollas y el servicio "
            "meteorológico espera otra noche gélida.",
        ),
        FROST_AGAIN: (
            "Campesinos de Balkh pierden plantones por la helada",
            "Parte de los plantones del distrito de Dehdadi, en la provincia de Balkh, se ha perdido por la "
            "helada, dicen los campesinos, que cubren el resto con paja. El servicio meteorológico avisa de otra "
            "noche gélida, y las cebollas están más caras en Mazar-e-Sharif.",
        ),
    },
    "uk": {
        RACE: (
            "Кінні перегони в Балху",
            "У Мазарі-Шаріфі, центрі провінції Балх, у середу відбулися кінні перегони. Десятки вершників з "
            "повіту Дехдаді приїхали до Мазарі-Шаріфа, кубок Балха здобула команда з Дехдаді.",
        ),
        FROST: (
            "Мороз знищив розсаду в Балху",
            "У провінції Балх у ніч на середу вдарив сильний мороз. Селяни повіту Дехдаді вкривають розсаду "
            "соломою. У Мазарі-Шаріфі подорожчала цибуля, а метеослужба чекає ще однієї крижаної ночі.",
        ),
        FROST_AGAIN: (
            "Селяни Балха втрачають розсаду через мороз",
            "Частину розсади селян повіту Дехдаді в афганській провінції Балх знищив мороз. За словами селян, "
            "решту вони вкривають соломою. Метеослужба попереджає про ще одну крижану ніч, а цибуля в "
            "Мазарі-Шаріфі подорожчала.",
        ),
    },
    "ur": {
        RACE: (
            "بلخ میں گھڑ دوڑ",
            "صوبہ بلخ کے مرکز مزار شریف میں بدھ کے روز گھڑ دوڑ ہوئی۔ ضلع دہدادی سے درجنوں سوار مزار شریف آئے اور "
            "بلخ کا کپ دہدادی کی ٹیم نے جیت لیا۔",
        ),
        FROST: (
            "بلخ میں پالے نے پنیری تباہ کر دی",
            "صوبہ بلخ میں بدھ کی رات شدید پالا پڑا۔ ضلع دہدادی کے کسان پنیری کو بھوسے سے ڈھانپ رہے ہیں۔ مزار شریف "
            "میں پیاز مہنگی ہو گئی ہے اور محکمہ موسمیات نے ایک اور سرد رات کی پیش گوئی کی ہے۔",
        ),
        FROST_AGAIN: (
            "بلخ کے کسانوں کی پنیری پالے سے ضائع",
            "صوبہ بلخ کے ضلع دہدادی میں پنیری کا ایک حصہ پالے سے تباہ ہو گیا ہے۔ کسان کہتے ہیں کہ وہ باقی پنیری "
            "کو بھوسے سے ڈھانپ رہے ہیں۔ محکمہ موسمیات نے ایک اور سرد رات سے خبردار کیا ہے اور مزار شریف میں پیاز "
            "کی قیمت بڑھ گئی ہے۔",
        ),
    },
}


def report_of(language: str, report: str, known: int) -> profiles.Weighed:
    counts = {w.stem(w.fold(name)): int(share * known) for name, share in SHARES.items()}
    return weighed(*REPORTS[language][report], language, counts, known)


def likely(language: str, report: str, known: int) -> float:
    """That ``report`` tells of the frost, an hour after the first report of it."""
    story = story_of(report_of(language, FROST, known))
    return probability(features(report_of(language, report, known), story, since_first=timedelta(hours=1)))


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("language", REPORTS)
def test_people_and_places_of_a_province_make_no_event(language: str, known: int) -> None:
    assert likely(language, RACE, known) < weights()["threshold"] / 2


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("language", REPORTS)
def test_another_report_of_the_event_is_told_from_them_in_every_script(language: str, known: int) -> None:
    assert likely(language, FROST_AGAIN, known) > weights()["threshold"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("چهارشنبه", "بادام"), ("провинции", "рассаду"), ("Mittwoch", "Setzling"), ("gobierno", "escarcha")],
)
def test_what_any_report_may_say_weighs_less_than_what_few_say_in_languages_without_a_background(
    one: str, other: str
) -> None:
    common, rare = w.stem(w.fold(one)), w.stem(w.fold(other))
    weights = rarity.idf([common, rare], {}, 0)
    assert weights[common] < weights[rare] / 2


def test_a_new_store_tells_the_events_of_one_morning_in_every_language(put) -> None:
    placed = {}
    for hours, report in enumerate((RACE, FROST, FROST_AGAIN)):
        for language, reports in REPORTS.items():
            title, text = reports[report]
            url = f"https://{language}{hours}.example/a"
            published = NOW + timedelta(hours=hours)
            placed[language, report] = put(title, text, url=url, feed=url, hours=hours, published=published)
    assert len({placed[language, report].story_id for language in REPORTS for report in (RACE, FROST)}) == 22
    for language in REPORTS:
        assert placed[language, FROST_AGAIN].story_id == placed[language, FROST].story_id, language


def test_common_words_tell_of_no_event_and_stand_in_every_file_but_that_of_the_background() -> None:
    for code, language in languages().items():
        assert language.common_words.isdisjoint(language.casualty_words), code
        assert (len(language.common_words) > 80) == (code != rarity.BACKGROUND_LANGUAGE), code


@pytest.mark.parametrize("listed", ["porte-parole", "aujourd'hui", "сім'я"])
def test_a_common_word_that_texts_have_as_two_is_common_in_both_parts(listed: str) -> None:
    parts, rare = w.stems(listed), w.stem("givre")
    weights = rarity.idf([*parts, rare], {}, 0)
    assert len(parts) == 2
    assert max(weights[part] for part in parts) < 0.6 * weights[rare]


@pytest.mark.parametrize(
    "telling",
    [
        "закон",
        "продовольствие",
        "агент",
        "Северодонецк",
        "Великобритания",
        "Strasbourg",
        "العاصفة",
        "العمليات",
        "بیماری",
        "فرمان",
    ],
)
def test_no_common_word_has_the_stem_of_one_that_tells_an_event(telling: str) -> None:
    """Law, food, agent, two places, storm, operations, disease, decree."""
    (stem,) = w.stems(telling)
    weights = rarity.idf([stem, "zzzzz"], {}, 0)
    assert weights[stem] == weights["zzzzz"]
