-- Reference data: every code with the days on which it holds (both inclusive; NULL = no limit) and
-- its names. Rows are never changed or deleted: what has been recorded under an old code stays
-- readable. New codes come with a new migration.

-- Provinces (2 digits) and districts (5 digits) by legal-dong code.
CREATE TABLE region (
  code          text PRIMARY KEY CHECK (code ~ '^[0-9]{2}([0-9]{3})?$'),
  name_ko       text NOT NULL,
  name_en       text NOT NULL,
  province_code text REFERENCES region,  -- NULL for a province
  valid_from    date,
  valid_to      date,
  CHECK (valid_from <= valid_to),
  CHECK ((province_code IS NULL) = (length(code) = 2))
);

INSERT INTO region (code, name_ko, name_en, valid_from, valid_to) VALUES
  ('11', '서울특별시', 'Seoul', NULL, NULL),
  ('12', '전남광주통합특별시', 'Jeonnam-Gwangju', '2026-07-01', NULL),
  ('26', '부산광역시', 'Busan', NULL, NULL),
  ('27', '대구광역시', 'Daegu', NULL, NULL),
  ('28', '인천광역시', 'Incheon', NULL, NULL),
  ('29', '광주광역시', 'Gwangju', NULL, '2026-06-30'),
  ('30', '대전광역시', 'Daejeon', NULL, NULL),
  ('31', '울산광역시', 'Ulsan', NULL, NULL),
  ('36', '세종특별자치시', 'Sejong', '2012-07-01', NULL),
  ('41', '경기도', 'Gyeonggi', NULL, NULL),
  ('42', '강원도', 'Gangwon', NULL, '2023-06-10'),
  ('43', '충청북도', 'North Chungcheong', NULL, NULL),
  ('44', '충청남도', 'South Chungcheong', NULL, NULL),
  ('45', '전라북도', 'North Jeolla', NULL, '2024-01-17'),
  ('46', '전라남도', 'South Jeolla', NULL, '2026-06-30'),
  ('47', '경상북도', 'North Gyeongsang', NULL, NULL),
  ('48', '경상남도', 'South Gyeongsang', NULL, NULL),
  ('50', '제주특별자치도', 'Jeju', NULL, NULL),
  ('51', '강원특별자치도', 'Gangwon', '2023-06-11', NULL),
  ('52', '전북특별자치도', 'Jeonbuk', '2024-01-18', NULL);

INSERT INTO region (code, name_ko, name_en, province_code, valid_from, valid_to) VALUES
  ('26110', '중구', 'Jung-gu', '26', NULL, NULL),
  ('26140', '서구', 'Seo-gu', '26', NULL, NULL),
  ('26170', '동구', 'Dong-gu', '26', NULL, NULL),
  ('26200', '영도구', 'Yeongdo-gu', '26', NULL, NULL),
  ('26230', '부산진구', 'Busanjin-gu', '26', NULL, NULL),
  ('26260', '동래구', 'Dongnae-gu', '26', NULL, NULL),
  ('26290', '남구', 'Nam-gu', '26', NULL, NULL),
  ('26320', '북구', 'Buk-gu', '26', NULL, NULL),
  ('26350', '해운대구', 'Haeundae-gu', '26', NULL, NULL),
  ('26380', '사하구', 'Saha-gu', '26', NULL, NULL),
  ('26410', '금정구', 'Geumjeong-gu', '26', NULL, NULL),
  ('26440', '강서구', 'Gangseo-gu', '26', NULL, NULL),
  ('26470', '연제구', 'Yeonje-gu', '26', NULL, NULL),
  ('26500', '수영구', 'Suyeong-gu', '26', NULL, NULL),
  ('26530', '사상구', 'Sasang-gu', '26', NULL, NULL),
  ('26710', '기장군', 'Gijang-gun', '26', NULL, NULL),
  ('28110', '중구', 'Jung-gu', '28', NULL, '2026-06-30'),
  ('28125', '제물포구', 'Jemulpo-gu', '28', '2026-07-01', NULL),
  ('28140', '동구', 'Dong-gu', '28', NULL, '2026-06-30'),
  ('28155', '영종구', 'Yeongjong-gu', '28', '2026-07-01', NULL),
  ('28177', '미추홀구', 'Michuhol-gu', '28', '2018-07-01', NULL),
  ('28185', '연수구', 'Yeonsu-gu', '28', NULL, NULL),
  ('28200', '남동구', 'Namdong-gu', '28', NULL, NULL),
  ('28237', '부평구', 'Bupyeong-gu', '28', NULL, NULL),
  ('28245', '계양구', 'Gyeyang-gu', '28', NULL, NULL),
  ('28260', '서구', 'Seo-gu', '28', NULL, '2026-06-30'),
  ('28275', '서해구', 'Seohae-gu', '28', '2026-07-01', NULL),
  ('28290', '검단구', 'Geomdan-gu', '28', '2026-07-01', NULL),
  ('28710', '강화군', 'Ganghwa-gun', '28', NULL, NULL),
  ('28720', '옹진군', 'Ongjin-gun', '28', NULL, NULL);

-- Korean Standard Industrial Classification: sections (letters) and divisions (2 digits), which
-- revisions 10 and 11 have in common. Deeper codes are judged by their division.
CREATE TABLE ksic_revision (
  revision   smallint PRIMARY KEY,
  valid_from date NOT NULL,
  valid_to   date,
  CHECK (valid_from <= valid_to)
);

INSERT INTO ksic_revision (revision, valid_from, valid_to) VALUES
  (10, '2017-07-01', '2024-06-30'),
  (11, '2024-07-01', NULL);

CREATE TABLE ksic_code (
  revision smallint NOT NULL REFERENCES ksic_revision,
  code     text NOT NULL CHECK (code ~ '^([A-U]|[0-9]{2,5})$'),
  section  text NOT NULL CHECK (section ~ '^[A-U]$'),
  name_ko  text NOT NULL,
  name_en  text NOT NULL,
  PRIMARY KEY (revision, code)
);

INSERT INTO ksic_code (revision, code, section, name_ko, name_en)
SELECT r.revision, c.code, c.section, c.name_ko, c.name_en FROM ksic_revision r CROSS JOIN (VALUES
  ('A', 'A', '농업, 임업 및 어업', 'Agriculture, forestry and fishing'),
  ('01', 'A', '농업', 'Agriculture'),
  ('02', 'A', '임업', 'Forestry'),
  ('03', 'A', '어업', 'Fishing and aquaculture'),
  ('B', 'B', '광업', 'Mining and quarrying'),
  ('05', 'B', '석탄, 원유 및 천연가스 광업', 'Mining of coal, crude petroleum and natural gas'),
  ('06', 'B', '금속 광업', 'Mining of metal ores'),
  ('07', 'B', '비금속광물 광업; 연료용 제외', 'Mining of non-metallic minerals, except fuel'),
  ('08', 'B', '광업 지원 서비스업', 'Mining support services'),
  ('C', 'C', '제조업', 'Manufacturing'),
  ('10', 'C', '식료품 제조업', 'Manufacture of food products'),
  ('11', 'C', '음료 제조업', 'Manufacture of beverages'),
  ('12', 'C', '담배 제조업', 'Manufacture of tobacco products'),
  ('13', 'C', '섬유제품 제조업; 의복 제외', 'Manufacture of textiles, except apparel'),
  ('14', 'C', '의복, 의복 액세서리 및 모피제품 제조업', 'Manufacture of wearing apparel and fur articles'),
  ('15', 'C', '가죽, 가방 및 신발 제조업', 'Manufacture of leather, luggage and footwear'),
  ('16', 'C', '목재 및 나무제품 제조업; 가구 제외', 'Manufacture of wood products, except furniture'),
  ('17', 'C', '펄프, 종이 및 종이제품 제조업', 'Manufacture of pulp, paper and paper products'),
  ('18', 'C', '인쇄 및 기록매체 복제업', 'Printing and reproduction of recorded media'),
  ('19', 'C', '코크스, 연탄 및 석유정제품 제조업', 'Manufacture of coke, briquettes and refined petroleum'),
  ('20', 'C', '화학 물질 및 화학제품 제조업; 의약품 제외', 'Manufacture of chemicals, except pharmaceuticals'),
  ('21', 'C', '의료용 물질 및 의약품 제조업', 'Manufacture of pharmaceuticals'),
  ('22', 'C', '고무 및 플라스틱제품 제조업', 'Manufacture of rubber and plastics products'),
  ('23', 'C', '비금속 광물제품 제조업', 'Manufacture of other non-metallic mineral products'),
  ('24', 'C', '1차 금속 제조업', 'Manufacture of basic metals'),
  ('25', 'C', '금속 가공제품 제조업; 기계 및 가구 제외', 'Manufacture of fabricated metal products'),
  ('26', 'C', '전자 부품, 컴퓨터, 영상, 음향 및 통신장비 제조업', 'Manufacture of electronic components and communication equipment'),
  ('27', 'C', '의료, 정밀, 광학 기기 및 시계 제조업', 'Manufacture of medical, precision and optical instruments'),
  ('28', 'C', '전기장비 제조업', 'Manufacture of electrical equipment'),
  ('29', 'C', '기타 기계 및 장비 제조업', 'Manufacture of other machinery and equipment'),
  ('30', 'C', '자동차 및 트레일러 제조업', 'Manufacture of motor vehicles and trailers'),
  ('31', 'C', '기타 운송장비 제조업', 'Manufacture of other transport equipment'),
  ('32', 'C', '가구 제조업', 'Manufacture of furniture'),
  ('33', 'C', '기타 제품 제조업', 'Other manufacturing'),
  ('34', 'C', '산업용 기계 및 장비 수리업', 'Repair of industrial machinery and equipment'),
  ('D', 'D', '전기, 가스, 증기 및 공기 조절 공급업', 'Electricity, gas, steam and air conditioning supply'),
  ('35', 'D', '전기, 가스, 증기 및 공기 조절 공급업', 'Electricity, gas, steam and air conditioning supply'),
  ('E', 'E', '수도, 하수 및 폐기물 처리, 원료 재생업', 'Water supply, sewerage, waste management and materials recovery'),
  ('36', 'E', '수도업', 'Water supply'),
  ('37', 'E', '하수, 폐수 및 분뇨 처리업', 'Sewage, wastewater and night soil treatment'),
  ('38', 'E', '폐기물 수집, 운반, 처리 및 원료 재생업', 'Waste collection, treatment and materials recovery'),
  ('39', 'E', '환경 정화 및 복원업', 'Remediation'),
  ('F', 'F', '건설업', 'Construction'),
  ('41', 'F', '종합 건설업', 'General construction'),
  ('42', 'F', '전문직별 공사업', 'Specialised construction'),
  ('G', 'G', '도매 및 소매업', 'Wholesale and retail trade'),
  ('45', 'G', '자동차 및 부품 판매업', 'Sale of motor vehicles and parts'),
  ('46', 'G', '도매 및 상품 중개업', 'Wholesale and commission trade'),
  ('47', 'G', '소매업; 자동차 제외', 'Retail trade, except motor vehicles'),
  ('H', 'H', '운수 및 창고업', 'Transportation and storage'),
  ('49', 'H', '육상 운송 및 파이프라인 운송업', 'Land transport and transport via pipelines'),
  ('50', 'H', '수상 운송업', 'Water transport'),
  ('51', 'H', '항공 운송업', 'Air transport'),
  ('52', 'H', '창고 및 운송관련 서비스업', 'Warehousing and transport support'),
  ('I', 'I', '숙박 및 음식점업', 'Accommodation and food service'),
  ('55', 'I', '숙박업', 'Accommodation'),
  ('56', 'I', '음식점 및 주점업', 'Food and beverage service'),
  ('J', 'J', '정보통신업', 'Information and communication'),
  ('58', 'J', '출판업', 'Publishing'),
  ('59', 'J', '영상·오디오 기록물 제작 및 배급업', 'Motion picture, video and audio production'),
  ('60', 'J', '방송업', 'Broadcasting'),
  ('61', 'J', '우편 및 통신업', 'Postal services and telecommunications'),
  ('62', 'J', '컴퓨터 프로그래밍, 시스템 통합 및 관리업', 'Computer programming and system integration'),
  ('63', 'J', '정보서비스업', 'Information services'),
  ('K', 'K', '금융 및 보험업', 'Financial and insurance activities'),
  ('64', 'K', '금융업', 'Financial services'),
  ('65', 'K', '보험 및 연금업', 'Insurance and pension funding'),
  ('66', 'K', '금융 및 보험관련 서비스업', 'Auxiliary financial and insurance services'),
  ('L', 'L', '부동산업', 'Real estate'),
  ('68', 'L', '부동산업', 'Real estate'),
  ('M', 'M', '전문, 과학 및 기술 서비스업', 'Professional, scientific and technical activities'),
  ('70', 'M', '연구개발업', 'Research and development'),
  ('71', 'M', '전문 서비스업', 'Professional services'),
  ('72', 'M', '건축 기술, 엔지니어링 및 기타 과학기술 서비스업', 'Architectural, engineering and scientific services'),
  ('73', 'M', '기타 전문, 과학 및 기술 서비스업', 'Other professional, scientific and technical services'),
  ('N', 'N', '사업시설 관리, 사업 지원 및 임대 서비스업', 'Facilities management, business support and rental'),
  ('74', 'N', '사업시설 관리 및 조경 서비스업', 'Facilities management and landscape services'),
  ('75', 'N', '사업 지원 서비스업', 'Business support services'),
  ('76', 'N', '임대업; 부동산 제외', 'Rental and leasing, except real estate'),
  ('O', 'O', '공공 행정, 국방 및 사회보장 행정', 'Public administration, defence and social security'),
  ('84', 'O', '공공 행정, 국방 및 사회보장 행정', 'Public administration, defence and social security'),
  ('P', 'P', '교육 서비스업', 'Education'),
  ('85', 'P', '교육 서비스업', 'Education'),
  ('Q', 'Q', '보건업 및 사회복지 서비스업', 'Human health and social work'),
  ('86', 'Q', '보건업', 'Human health'),
  ('87', 'Q', '사회복지 서비스업', 'Social work'),
  ('R', 'R', '예술, 스포츠 및 여가관련 서비스업', 'Arts, sports and recreation'),
  ('90', 'R', '창작, 예술 및 여가관련 서비스업', 'Creative, arts and recreation services'),
  ('91', 'R', '스포츠 및 오락관련 서비스업', 'Sports and amusement services'),
  ('S', 'S', '협회 및 단체, 수리 및 기타 개인 서비스업', 'Membership organizations, repair and other personal services'),
  ('94', 'S', '협회 및 단체', 'Membership organizations'),
  ('95', 'S', '개인 및 소비용품 수리업', 'Repair of personal and household goods'),
  ('96', 'S', '기타 개인 서비스업', 'Other personal services'),
  ('T', 'T', '가구 내 고용활동 및 달리 분류되지 않은 자가 소비 생산활동', 'Activities of households'),
  ('97', 'T', '가구 내 고용활동', 'Households as employers'),
  ('98', 'T', '달리 분류되지 않은 자가 소비를 위한 가구의 재화 및 서비스 생산활동', 'Own-use production of households'),
  ('U', 'U', '국제 및 외국기관', 'Extraterritorial organizations'),
  ('99', 'U', '국제 및 외국기관', 'Extraterritorial organizations')
) AS c (code, section, name_ko, name_en);

-- Industrial complexes; codes of our own.
CREATE TABLE industrial_complex (
  code        text PRIMARY KEY CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,19}$'),
  name_ko     text NOT NULL,
  name_en     text NOT NULL,
  kind        smallint NOT NULL,  -- IndustrialComplexKind
  region_code text NOT NULL REFERENCES region,
  valid_from  date,
  valid_to    date,
  CHECK (valid_from <= valid_to)
);

INSERT INTO industrial_complex (code, name_ko, name_en, kind, region_code) VALUES
  ('K01', '명지·녹산국가산업단지', 'Myeongji-Noksan National Industrial Complex', 1, '26440'),
  ('K02', '신평·장림일반산업단지', 'Sinpyeong-Jangnim General Industrial Complex', 2, '26380'),
  ('K03', '센텀도시첨단산업단지', 'Centum Urban High-Tech Industrial Complex', 3, '26350');

-- Schemes that firms are helped to introduce.
CREATE TABLE scheme (
  code       text PRIMARY KEY CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,19}$'),
  name_ko    text NOT NULL,
  name_en    text NOT NULL,
  provider   text NOT NULL,
  valid_from date,
  valid_to   date,
  CHECK (valid_from <= valid_to)
);

INSERT INTO scheme (code, name_ko, name_en, provider) VALUES
  ('ENV', '일·생활균형 환경개선', 'Support for a work-life balance environment', '고용노동부'),
  ('FLEX', '유연근무 간접노무비', 'Flexible-work indirect labour cost', '고용노동부'),
  ('REMOTE', '재택·원격근무 인프라', 'Home and remote work infrastructure', '고용노동부'),
  ('WI10', '근무혁신 10대 제안', 'Ten proposals for work innovation', '고용노동부'),
  ('WLBA', '워라밸 장려금', 'Work-life balance allowance', '고용노동부');

-- Public holidays, substitute and temporary ones included. A day after the last year of the table
-- is not known to be a business day.
CREATE TABLE holiday (
  day     date PRIMARY KEY,
  name_ko text NOT NULL,
  name_en text NOT NULL
);

INSERT INTO holiday (day, name_ko, name_en) VALUES
  ('2023-01-01', '1월 1일', 'New Year''s Day'),
  ('2023-01-21', '설날 연휴', 'Lunar New Year holiday'),
  ('2023-01-22', '설날', 'Lunar New Year'),
  ('2023-01-23', '설날 연휴', 'Lunar New Year holiday'),
  ('2023-01-24', '설날 대체공휴일', 'Substitute for Lunar New Year'),
  ('2023-03-01', '3·1절', 'Independence Movement Day'),
  ('2023-05-05', '어린이날', 'Children''s Day'),
  ('2023-05-27', '부처님오신날', 'Buddha''s Birthday'),
  ('2023-05-29', '부처님오신날 대체공휴일', 'Substitute for Buddha''s Birthday'),
  ('2023-06-06', '현충일', 'Memorial Day'),
  ('2023-08-15', '광복절', 'Liberation Day'),
  ('2023-09-28', '추석 연휴', 'Chuseok holiday'),
  ('2023-09-29', '추석', 'Chuseok'),
  ('2023-09-30', '추석 연휴', 'Chuseok holiday'),
  ('2023-10-02', '임시공휴일', 'Temporary public holiday'),
  ('2023-10-03', '개천절', 'National Foundation Day'),
  ('2023-10-09', '한글날', 'Hangeul Day'),
  ('2023-12-25', '기독탄신일', 'Christmas Day'),
  ('2024-01-01', '1월 1일', 'New Year''s Day'),
  ('2024-02-09', '설날 연휴', 'Lunar New Year holiday'),
  ('2024-02-10', '설날', 'Lunar New Year'),
  ('2024-02-11', '설날 연휴', 'Lunar New Year holiday'),
  ('2024-02-12', '설날 대체공휴일', 'Substitute for Lunar New Year'),
  ('2024-03-01', '3·1절', 'Independence Movement Day'),
  ('2024-04-10', '국회의원 선거일', 'National Assembly election'),
  ('2024-05-05', '어린이날', 'Children''s Day'),
  ('2024-05-06', '어린이날 대체공휴일', 'Substitute for Children''s Day'),
  ('2024-05-15', '부처님오신날', 'Buddha''s Birthday'),
  ('2024-06-06', '현충일', 'Memorial Day'),
  ('2024-08-15', '광복절', 'Liberation Day'),
  ('2024-09-16', '추석 연휴', 'Chuseok holiday'),
  ('2024-09-17', '추석', 'Chuseok'),
  ('2024-09-18', '추석 연휴', 'Chuseok holiday'),
  ('2024-10-01', '국군의 날 임시공휴일', 'Temporary public holiday on Armed Forces Day'),
  ('2024-10-03', '개천절', 'National Foundation Day'),
  ('2024-10-09', '한글날', 'Hangeul Day'),
  ('2024-12-25', '기독탄신일', 'Christmas Day'),
  ('2025-01-01', '1월 1일', 'New Year''s Day'),
  ('2025-01-27', '임시공휴일', 'Temporary public holiday'),
  ('2025-01-28', '설날 연휴', 'Lunar New Year holiday'),
  ('2025-01-29', '설날', 'Lunar New Year'),
  ('2025-01-30', '설날 연휴', 'Lunar New Year holiday'),
  ('2025-03-01', '3·1절', 'Independence Movement Day'),
  ('2025-03-03', '3·1절 대체공휴일', 'Substitute for Independence Movement Day'),
  ('2025-05-05', '어린이날·부처님오신날', 'Children''s Day and Buddha''s Birthday'),
  ('2025-05-06', '대체공휴일', 'Substitute holiday'),
  ('2025-06-03', '대통령 선거일', 'Presidential election'),
  ('2025-06-06', '현충일', 'Memorial Day'),
  ('2025-08-15', '광복절', 'Liberation Day'),
  ('2025-10-03', '개천절', 'National Foundation Day'),
  ('2025-10-05', '추석 연휴', 'Chuseok holiday'),
  ('2025-10-06', '추석', 'Chuseok'),
  ('2025-10-07', '추석 연휴', 'Chuseok holiday'),
  ('2025-10-08', '추석 대체공휴일', 'Substitute for Chuseok'),
  ('2025-10-09', '한글날', 'Hangeul Day'),
  ('2025-12-25', '기독탄신일', 'Christmas Day');
