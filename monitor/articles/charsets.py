"""Charset labels and the Python codecs that read what browsers read under them (WHATWG Encoding Standard, §4.2)."""

from __future__ import annotations

_LABELS = {
    "utf-8": "utf8 unicode-1-1-utf-8 unicode11utf8 utf_8 utf8mb4",
    "cp1252": "latin1 l1 ascii us-ascii iso-8859-1 iso8859-1 iso_8859-1 latin-1 windows-1252 x-cp1252 ansi"
    " ansi_x3.4-1968",
    "iso8859_2": "iso-8859-2 iso_8859-2 latin2 l2 latin-2",
    "iso8859_3": "iso-8859-3 latin3",
    "iso8859_4": "iso-8859-4 latin4",
    "iso8859_5": "iso-8859-5 iso_8859-5 cyrillic",
    "iso8859_6": "iso-8859-6 iso_8859-6 arabic asmo-708 ecma-114",
    "iso8859_7": "iso-8859-7 iso_8859-7 greek greek8 elot_928",
    "iso8859_8": "iso-8859-8 iso-8859-8-i hebrew visual logical",
    "iso8859_10": "iso-8859-10 latin6",
    "iso8859_13": "iso-8859-13 latin-7",
    "iso8859_14": "iso-8859-14",
    "iso8859_15": "iso-8859-15 latin9 l9 latin-9",
    "iso8859_16": "iso-8859-16",
    "cp1250": "windows-1250 x-cp1250 win-1250",
    "cp1251": "windows-1251 x-cp1251 win-1251 win1251",
    "cp1253": "windows-1253 x-cp1253",
    "cp1254": "windows-1254 x-cp1254 iso-8859-9 iso_8859-9 latin5 l5",
    "cp1255": "windows-1255 x-cp1255",
    "cp1256": "windows-1256 x-cp1256",
    "cp1257": "windows-1257 x-cp1257",
    "cp1258": "windows-1258 x-cp1258",
    "cp874": "windows-874 tis-620 tis620 iso-8859-11 dos-874 iso8859_11 tis_620",
    "cp866": "ibm866 866 csibm866",
    "koi8_r": "koi8-r koi8 koi koi8_r",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh mac x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gbk gb2312 gb_2312-80 gb_2312 x-gbk chinese cn-gb csgb2312",
    "hz": "hz-gb-2312",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5 big5_hkscs big5hkscs",
    "euc_jp": "euc-jp x-euc-jp eucjp euc_jis_2004 euc_jisx0213",
    "iso2022_jp": "iso-2022-jp csiso2022jp iso2022_jp_2 iso2022_jp_ext",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932 ms_kanji csshiftjis shift_jis_2004 shift_jisx0213",
    "cp949": "euc-kr euckr korean ks_c_5601-1987 ksc5601 ksc_5601 windows-949 cseuckr uhc euc_kr johab",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 utf_16 utf_16_le",
    "utf-16-be": "utf-16be utf_16_be",
}

_CODECS = {label: codec for codec, labels in _LABELS.items() for label in (codec, *labels.split())}


def codec_of(label: str) -> str | None:
    """The codec for a label; None for one that is no charset of pages."""
    return _CODECS.get(label.strip().lower())
