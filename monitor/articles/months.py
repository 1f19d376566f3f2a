"""Names of the Gregorian months as news pages write them, in lower case."""

from __future__ import annotations

MONTHS = {
    name: number
    for number, names in enumerate((
        "january jan januar janvier janv enero ene ocak января янв січня يناير جنوری ژانویه janeiro gennaio"
        " januari stycznia ledna ianuarie ιανουαρίου जनवरी জানুয়ারি มกราคม",
        "february feb februar février févr fév febrero şubat февраля фев лютого فبراير فروری فوریه شباط fevereiro"
        " febbraio februari lutego února februarie φεβρουαρίου फ़रवरी फरवरी ফেব্রুয়ারি กุมภาพันธ์",
        "march mar märz mars marzo mart марта мар березня مارس آذار março maart maret marca března martie μαρτίου"
        " मार्च মার্চ มีนาคม",
        "april apr avril avr abril abr nisan апреля апр квітня أبريل ابريل إبريل اپریل آوریل نيسان aprile kwietnia"
        " dubna aprilie απριλίου अप्रैल এপ্রিল เมษายน",
        "may mai mayo mayıs мая травня مايو مئی مه أيار ايار maio maggio mei maj maja května μαΐου मई মে พฤษภาคม",
        "june jun juni juin junio haziran июня июн червня يونيو جون ژوئن حزيران junho giugno czerwca června iunie"
        " ιουνίου जून জুন มิถุนายน",
        "july jul juli juillet juil julio temmuz июля июл липня يوليو جولائی جولای ژوئیه تموز julho luglio lipca"
        " července iulie ιουλίου जुलाई জুলাই กรกฎาคม",
        "august aug août agosto ago ağustos августа авг серпня أغسطس اغسطس اگست اوت آب augustus augusti agustus"
        " sierpnia srpna αυγούστου अगस्त আগস্ট สิงหาคม",
        "september sep sept septembre septiembre eylül сентября сен сент вересня سبتمبر ستمبر سپتامبر أيلول ايلول"
        " setembro settembre września září septembrie σεπτεμβρίου सितंबर सितम्बर সেপ্টেম্বর กันยายน",
        "october oct oktober okt octobre octubre ekim октября окт жовтня أكتوبر اكتوبر اکتوبر اکتبر outubro"
        " ottobre października října octombrie οκτωβρίου अक्टूबर अक्तूबर অক্টোবর ตุลาคม",
        "november nov novembre noviembre kasım ноября ноя нояб листопада نوفمبر نومبر نوامبر novembro listopada"
        " listopadu noiembrie νοεμβρίου नवंबर नवम्बर নভেম্বর พฤศจิกายน",
        "december dec dezember dez décembre déc diciembre dic aralık декабря дек грудня ديسمبر دسمبر دسامبر"
        " dezembro dicembre desember grudnia prosince decembrie δεκεμβρίου दिसंबर दिसम्बर ডিসেম্বর ธันวาคม",
    ), start=1)
    for name in names.split()
}  # fmt: skip
"""In the languages of Europe, in Turkish, Arabic (of Egypt and of the Levant), Persian, Urdu, Hindi, Bengali, Thai,
Indonesian; with the shortened forms that some of them use."""

PAIRS = {"تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر", "كانون الثاني": "يناير"}
"""Names of two words in the Levant, each with one of one word."""

BUDDHIST_YEARS = 543
"""By which the years of Thai dates are ahead."""
