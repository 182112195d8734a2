"""Word lists for saying English texts: abbreviations, labels, names of rulers."""

ABBREVIATIONS = {
    "approx.": "approximately", "Approx.": "approximately", "Ave.": "Avenue", "bros.": "brothers", "ca.": "circa",
    "cat.": "catalogue", "cf.": "compare", "Col.": "Colonel", "dept.": "department", "Dept.": "Department", "ed.": "edited",
    "eds.": "editors", "esp.": "especially", "est.": "established", "etc.": "et cetera", "excl.": "excluding",
    "fig.": "figure", "Fig.": "Figure", "figs.": "figures", "Gen.": "General", "Gov.": "Governor", "hrs.": "hours",
    "ibid.": "in the same place", "incl.": "including", "Inv.": "Inventory", "inv.": "inventory", "Jr.": "Junior",
    "Lt.": "Lieutenant", "Ltd.": "Limited", "max.": "maximum", "min.": "minimum", "mins.": "minutes", "misc.": "miscellaneous",
    "Mt.": "Mount", "nos.": "numbers", "Nos.": "Numbers", "oz.": "ounces", "lbs.": "pounds", "pp.": "pages", "Ph.D.": "P H D",
    "Prof.": "Professor", "pt.": "part", "Rd.": "Road", "repr.": "reprinted", "Rev.": "Reverend", "Sgt.": "Sergeant",
    "Sr.": "Senior", "tel.": "telephone", "Tel.": "Telephone", "transl.": "translated", "temp.": "temporary", "vol.": "volume",
    "Vol.": "Volume", "vols.": "volumes", "vs.": "versus", "v.": "versus", "wks.": "weeks", "yrs.": "years", "w/": "with",
    "a.k.a.": "also known as", "B.C.": "B C", "A.D.": "A D", "U.K.": "U K", "U.S.": "U S", "Hon.": "Honourable",
    "attrib.": "attributed", "illus.": "illustrated", "c/o": "care of", "viz.": "namely", "No.": "Number",
}  # fmt: skip
"""Short forms and what is said for them, besides those that normt2s knows."""

SPELLED = frozenset("AG AI BCE CE EU ID IT UK UN US USA UV VAT AD BBC CD UAE IOU".split())
"""Short forms in capitals that have a vowel and are spelled all the same."""

LABELS = (
    "Act Appendix Book Chapter Class Column Figure Floor Gallery Grade Hall Level Mark Number Page Part Phase Plate Room"
    " Scene Section Series Stage Table Title Type Unit Volume War"
)
"""Words behind which a Roman numeral is a plain number, even one letter: ``Part I``."""

RULERS = frozenset(
    (
        "Albert Alexander Alfonso Anne Augustus Benedict Boniface Catherine Charles Christian Clement Cleopatra Constantine"
        " David Edward Elizabeth Eric Ernest Ferdinand Francis Frederick George Gregory Gustav Harald Henry Innocent Isabella"
        " Ivan James John Joseph Julius Justinian Leo Leopold Louis Ludwig Margaret Mary Maximilian Napoleon Nicholas Olaf Otto"
        " Paul Peter Philip Pius Ptolemy Ramesses Ramses Richard Robert Rudolf Rudolph Sigismund Sixtus Stephen Theodoric"
        " Thutmose Urban Victoria Wilhelm William Xerxes"
    ).split()
)
"""First names of rulers and popes, behind which a Roman numeral counts: ``Henry VIII``."""
