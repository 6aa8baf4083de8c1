"""What an office may tell a citizen: its own telephones and rooms, never a person's number or what belongs to the citizen."""

from __future__ import annotations

import pytest

from hotline.errors import Refusal
from hotline.tickets.display.citizen_view import progress
from tests.support.life import Life

OFFICE = (
    "如有疑问请拨打热线0372-3333333。", "办公电话3333333，工作日8:30至18:00。", "咨询电话（0372）3333333转802。", "请拨12345、95598或400-100-1234。",
    "请到市政务服务中心A座1203室办理，联系人王主任。",
)  # fmt: skip
LEAKS = (
    "维修师傅手机13800010001。", "举报人张伟（豫E12345）所述属实。", "身份证410502199001011234已核。", "您登记的0372-2525252打不通。", "逄啸天您好，路灯已修。",
    "逄 啸 天您好，路灯已修。", "3号楼2单元909室的灯已修。",
)  # fmt: skip


@pytest.mark.parametrize("answer", OFFICE)
def test_an_office_tells_its_own_number_and_the_citizen_reads_it_whole(answer: str, life: Life) -> None:
    ticket = life.ticket(phone="03722525252", name="逄啸天", place="永明路77号院3号楼2单元909室")
    life.do(ticket, "an", "answer_directly", answer=answer)
    assert [one.text for one in progress(life.db, life.city, ticket, life.now).answers] == [answer]


@pytest.mark.parametrize("answer", LEAKS)
def test_what_belongs_to_a_person_is_refused(answer: str, life: Life) -> None:
    ticket = life.ticket(phone="03722525252", name="逄啸天", place="永明路77号院3号楼2单元909室")
    with pytest.raises(Refusal, match="个人信息"):
        life.do(ticket, "an", "answer_directly", answer=answer)
