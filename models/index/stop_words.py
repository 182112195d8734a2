"""Words that say nothing about a text: those of Snowball's German and English lists (BSD, snowballstem.org)."""

from collections.abc import Mapping

GERMAN = frozenset(
    """
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes anderm andern anders auch
auf aus bei bin bis bist da damit dann das dass daß dasselbe dazu dein deine deinem deinen deiner deines dem demselben
den denn denselben der derer derselbe derselben des desselben dessen dich die dies diese dieselbe dieselben diesem
diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einig einige einigem einigen einiger
einiges einmal er es etwas euch euer eure eurem euren eurer eures für gegen gewesen hab habe haben hat hatte hatten
hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja jede jedem jeden jeder jedes
jene jenem jenen jener jenes jetzt kann kein keine keinem keinen keiner keines können könnte man manche manchem manchen
mancher manches mein meine meinem meinen meiner meines mich mir mit muss muß müssen musste nach nicht nichts noch nun
nur ob oder ohne sehr sein seine seinem seinen seiner seines selbst sich sie sind so solche solchem solchen solcher
solches soll sollen sollte sondern sonst über um und uns unser unsere unserem unseren unserer unseres unter viel vom von
vor während war waren warst warum was weil welche welchem welchen welcher welches wenn wer werde werden weshalb wie
wieder wieso wir wird wirst wo woher wohin wollen wollte würde würden zu zum zur zwar zwischen
""".split()  # noqa: SIM905 - as a list it would fill pages
)
ENGLISH = frozenset(
    """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its
itself they them their theirs themselves what which who whom this that these those am is are was were be been being
have has had having do does did doing a an the and but if or because as until while of at by for with about against
between into through during before after above below to from up down in out on off over under again further then once
here there when where why how all any both each few more most other some such no nor not only own same so than too very
can could should would
""".split()  # noqa: SIM905 - as a list it would fill pages
)
_OF: Mapping[str, frozenset[str]] = {"de": GERMAN | ENGLISH, "en": ENGLISH}


def stop_words(language: str) -> frozenset[str]:
    """Return the words to leave out of a text; none for languages other than German and English.

    German texts quote English ones and are searched in English too, so they lose both; an English text keeps its
    ``war`` and its ``die``.
    """
    return _OF.get(language[:2] or "de", frozenset())
