"""Words that stand beside a date and say what it is the date of."""

from __future__ import annotations

import re

_PUBLISHED = """
ngày đăng tin|ngày đăng bài|ngày đăng|ngày xuất bản|ngày cập nhật|ngày tạo|ngày gửi|
ngày đưa tin|đăng lúc|đăng ngày|đăng tin|đăng bởi|đăng|xuất bản|cập nhật lúc|cập nhật ngày|
cập nhật|tạo lúc|gửi lúc|đưa tin|thời gian đăng|thời gian|originally published|first published|
date published|published date|publish date|publication date|published|publication|posted|
post date|date posted|release date|released|created|written|added|submitted|uploaded|issued|
erstveröffentlichung|erstellt|veröffentlicht|veröffentlichungsdatum|veröffentlichung|publiziert|
erschienen|erscheinungsdatum|eingestellt|geschrieben|verfasst|gepostet|publié|publiée|paru|
posté|rédigé|écrit|mis en ligne|mise en ligne|créé|date de publication|publicado|publicada|
publicación|publicação|fecha de publicación|fecha|creado|escrito|postado|pubblicato|pubblicata|
pubblicazione|data di pubblicazione|scritto|inserito|publicat|gepubliceerd|geplaatst|gepost|
geschreven|publicatiedatum|opublikowano|opublikowany|opublikowane|data publikacji|data dodania|
dodano|dodany|utworzono|publikacja|publikováno|vydáno|zveřejněno|přidáno|опубликовано|
опубликован|опубликована|дата публикации|дата|добавлено|размещено|опубліковано|publicerad|
publicerat|publisert|udgivet|publiceret|skrevet|julkaistu|yayınlanma tarihi|yayınlanma|
yayın tarihi|eklenme|giriş|tarih|megjelent|diterbitkan|postat|
发布时间|发表时间|日期|时间|公開日|投稿日|掲載日|作成日|
등록|입력|작성일|date|datum|data
"""
_PARTICLES = """
ngày|lúc|vào lúc|vào|on|at|this article was|article|story|filed|am|vom|um|uhr|der|den|le|à|el|
em|a las|às|il|alle|ore|op|om|dnia|godz|в|г|kl
"""
"""They lead to any date, also to one of something else."""
_UPDATED = """
ngày sửa|sửa lần cuối|cập nhật lần cuối|lần cập nhật cuối|chỉnh sửa
last updated on|last updated|last update|last modified|last edited|last reviewed|last revised|
date modified|updated on|updated|update|modified|revised|reviewed|edited|amended|upd
letzte änderung|letztes update|zuletzt aktualisiert|zuletzt geändert|zuletzt bearbeitet|
letzte aktualisierung|aktualisiert|aktualisierung|aktualisierungsdatum|geändert|überarbeitet|
bearbeitet|stand
dernière mise à jour|mis à jour|mise à jour|modifié|modifiée|actualisé
última actualización|actualizado|actualizada|actualización|modificado|atualizado|atualizada|
última atualização|modificação
aggiornato|aggiornata|ultimo aggiornamento|ultima modifica|modificato|actualitzat
bijgewerkt|gewijzigd|laatst bijgewerkt|laatste update|laatst gewijzigd
aktualizacja|zaktualizowano|ostatnia aktualizacja|ostatnia modyfikacja|zmodyfikowano|
aktualizováno|upraveno
обновлено|изменено|дата обновления|оновлено|uppdaterad|oppdatert|opdateret|päivitetty|
güncelleme|güncellenme|son güncelleme|frissítve
更新时间|更新日|最終更新|수정
"""
_OTHER = """
hạn chót|hạn cuối|thời hạn|hết hạn|hạn nộp|hiệu lực|ban hành|ngày sinh|sinh ngày|bắt đầu|kết thúc|
khai mạc|diễn ra|từ|từ ngày|đến|đến ngày|bình luận|trả lời|tham gia
deadline|due|expires|expire|expiry|valid|valid until|effective|until|through|from|since|starts|
begins|ends|event|born|died|joined|member since|registered|comment|commented|reply|replied|
review by|reviews|rating|rated|last active|open today|today|accessed|retrieved|version|copyright|
downloaded|frist|anmeldeschluss|gültig|bis|bis zum|seit|termin|geboren|gestorben|mitglied seit|
registriert|kommentar|kommentare|antwort|antworten|bewertung|bewertungen|kundenbewertung|abgerufen|
heute|zuletzt aktiv
jusqu'au|depuis|valable|commentaire|réponse|avis|inscrit le|hasta|desde|válido|comentario|respuesta|
até|comentário|resposta|fino al|commento|risposta|tot|reactie|do dnia|komentarz|odpowiedz
"""
"""They lead to the day of something else: an end, a birth, an event, what a reader wrote."""
_WEEKDAYS = """
thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy|thứ bẩy|thứ [2-7]|chủ nhật
monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|
sat|sun
montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so
lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|
sábado|domingo
segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|segunda|terça|quarta|quinta|
sexta
lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|
vrijdag|zaterdag|zondag
poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela|pondělí|úterý|středa|čtvrtek|pátek|
neděle
понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|måndag|mandag|tisdag|tirsdag|
onsdag|torsdag|fredag|lördag|lørdag|söndag|søndag
"""
_READERS = "lượt xem|lượt đọc|xem|view count|views|view|aufrufe|vues|vistas"
"""What a bare number beside the date counts."""


def _alternatives(*tables: str) -> str:
    words = {word for table in tables for line in table.split("\n") for word in line.split("|")}
    return "|".join(sorted(words - {""}, key=len, reverse=True))


def _word(*tables: str) -> str:
    return rf"(?<![^\W_])(?:{_alternatives(*tables)})(?![^\W_])"


PUBLISHED = re.compile(_word(_PUBLISHED), re.I)
UPDATED = re.compile(_word(_UPDATED), re.I)
OTHER = re.compile(rf"{_word(_OTHER)}(?:{_word(_PARTICLES, _WEEKDAYS)}|[^\w\d])*$", re.I)
"""At the end of what stands before a date."""
WEEKDAY = re.compile(_word(_WEEKDAYS), re.I)
BEFORE = re.compile(rf"(?:{_word(_PUBLISHED, _PARTICLES, _UPDATED, _WEEKDAYS)}|[^\w\d])*", re.I)
"""All that may stand before a date on a line that is nothing but that date."""
AFTER = re.compile(
    rf"(?:{_word('uhr|giờ|phút|г|года|р|року|r|năm|h')}|[^\w\d])*"
    rf"(?:(?:{_word(_READERS)})?[\W_]*\d{{1,7}}[\W_]*(?:{_word(_READERS)})?)?[\W_]*",
    re.I,
)
"""All that may stand after it: a bare number counts readers."""
PLACE = re.compile(r"[^\d,:;.()]{2,40},\s*(?:ngày\s*)?", re.I)
"""``Hạ Long, ngày 2 tháng 4 năm 2018``: what may stand before a date written in words."""
