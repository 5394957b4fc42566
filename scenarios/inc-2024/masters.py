"""Who and what there is in the year: centres, firms, people, consent texts."""
CENTRES = [("C01", "소래광역새일센터", "28200"), ("C02", "문학새일센터", "28177"),
           ("C03", "굴포새일센터", "28237"), ("C04", "계양산새일센터", "28245"),
           ("C05", "송도바다새일센터", "28185"), ("C06", "월미새일센터", "28110"),
           ("C07", "청라호수새일센터", "28260"), ("C08", "마니산새일센터", "28710")]
CENTRE_DIGITS = "26150493"
FIRM_DIGITS = ("5948372617" "2615049384" "9382716051" "6059483728" "3726150495" "0493827162"
               "7160594839" "4837261506" "1504938273" "827160")
DISTRICTS = ["28185", "28200", "28237", "28177", "28245", "28260", "28110", "28140", "28710",
             "28720"]
PLACES = ["갯골", "노을", "은빛", "바람개비", "자작", "푸른섬", "등대", "해오름", "미르", "새벽",
          "소금꽃", "물결"]
TRADES = [("정밀", "25924"), ("식품", "10712"), ("전자부품", "26299"), ("물류", "52102"),
          ("소프트", "62010"), ("화장품", "20423"), ("기계", "29133"), ("디자인", "73202")]
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = ["가온", "나린", "다솜", "라온", "마루", "바름", "새론", "아라", "자람", "차오름", "하늬", "보름",
         "수련", "여울", "이든", "조은"]
OF_NO_FIRM = 17        # nothing but her consent is a reason to keep her data
FIRMS_OF_WORKERS = 36  # F061–F096 employ the people who are supported

STAFF = {
    **{f"MGR{n}": ("MANAGER", f"C{n:02}") for n in range(1, 9)},    # manage cases
    **{f"SUP{n}": ("MANAGER", f"C{n:02}") for n in range(1, 9)},    # supervise them
    **{f"CAR{n}": ("CONSULTANT", f"C{n:02}") for n in range(1, 9)},  # career counsellors
    "PSY1": ("CONSULTANT", "C01"), "PSY2": ("CONSULTANT", "C02"), "PSY3": ("CONSULTANT", "C05"),
    "GRI1": ("CONSULTANT", "C01"), "LAB1": ("CONSULTANT", "C01"), "MEN1": ("CONSULTANT", "C03"),
    **{f"COA{n}": ("CONSULTANT", f"C{n:02}") for n in range(1, 7)},  # coaches of groups
    **{f"CON{n}": ("CONSULTANT", "C01") for n in range(1, 5)},       # advise firms
    "BOOM": ("MANAGER", "C01"), "HEAD": ("MANAGER", "C01"),
}


def organizations():
    for (key, name, region), digit in zip(CENTRES, CENTRE_DIGITS):
        yield {"key": key, "kind": "ORGANIZATION_KIND_CENTRE", "display_name": name,
               "business_registration_number": f"999-82-{int(key[1:]):04}{digit}",
               "facts": {"valid_from": "2023-01-01", "region_code": region, "ksic_code": "87299",
                         "ksic_revision": 10, "total_headcount": 12, "women_headcount": 10,
                         "regular_headcount": 9, "size_class": "SIZE_CLASS_SMALL"}}
    for n, digit in enumerate(FIRM_DIGITS, start=1):
        trade, ksic = TRADES[(n - 1) // len(PLACES)]
        workers = 12 + n * 7 % 83
        yield {"key": f"F{n:03}", "kind": "ORGANIZATION_KIND_FIRM",
               "display_name": f"주식회사 {PLACES[(n - 1) % len(PLACES)]}{trade}",
               "business_registration_number": f"999-81-{n:04}{digit}",
               "facts": {"valid_from": "2023-01-01",
                         "region_code": DISTRICTS[(n - 1) % len(DISTRICTS)], "ksic_code": ksic,
                         "ksic_revision": 10, "total_headcount": workers,
                         "women_headcount": workers * 2 // 5, "regular_headcount": workers * 4 // 5,
                         "size_class": "SIZE_CLASS_SMALL" if workers < 50 else
                                       "SIZE_CLASS_MEDIUM"}}


def person(key, place, role, organization, mail, language="KO"):
    """`place`: of all people, from 1; gives name and telephone."""
    name = SURNAMES[place % len(SURNAMES)] + GIVEN[place * 7 // len(SURNAMES) % len(GIVEN)]
    return {"key": key, "full_name": name, "preferred_language": "LANGUAGE_" + language,
            "basis": "LEGAL_BASIS_DUTY" if role in ("MANAGER", "CONSULTANT") else
                     "LEGAL_BASIS_CONTRACT",
            "email": mail, "phone": f"010-0000-{place:04}",
            "affiliation": {"organization": organization, "role": "AFFILIATION_ROLE_" + role,
                            "start_date": "2023-01-02"}}


def people():
    for n in range(1, 97):
        one = person(f"P{n:04}", n, "EMPLOYEE", f"F{61 + (n - 1) % FIRMS_OF_WORKERS:03}",
                     f"p{n:04}@people.test", "EN" if n % 24 == 0 else "KO")
        if n == OF_NO_FIRM:
            del one["affiliation"]
        yield one
    place = 100
    for key, (role, organization) in STAFF.items():
        place += 1
        yield person(key, place, role, organization, f"{key.lower()}@staff.test")
    for n in range(11, 31):
        place += 1
        yield person(f"P-F{n:03}", place, "CONTACT", f"F{n:03}", f"contact@f{n:03}.firms.test")


def consent_texts():
    stated = {"COLLECTION": "사례관리와 지원 제공", "SENSITIVE": "심리·건강 상담"}
    for purpose, words in stated.items():
        yield {"key": f"TEXT-{purpose}", "code": f"INC-{purpose}", "version": 1,
               "language": "LANGUAGE_KO", "purpose": f"CONSENT_PURPOSE_{purpose}",
               "stated_purpose": words, "items": ["성명", "연락처", "상담 내용"],
               "retention": "사업 종료 후 3년",
               "refusal_right": "동의를 거부할 권리가 있습니다.",
               "refusal_disadvantage": "거부하면 해당 지원을 받을 수 없습니다."}
