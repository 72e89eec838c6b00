"""A hospital, weather stations and a botanical garden."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    email,
    group,
    key,
    label,
    measure,
    pairs,
    person,
    phone,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import CITIES, COUNTRIES, words

HOSPITAL = Domain(
    "hospital",
    (
        Table(
            "ward",
            "ward",
            "wards",
            14,
            (
                key("ward_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Cardiology, Surgery, Paediatrics, Neurology, Oncology, Maternity, "
                        "Orthopaedics, Urology, Geriatrics, Dermatology, Emergency, Psychiatry, "
                        "Ophthalmology, Intensive Care"
                    ),
                ),
                group("building", "building", "in building {}", words("A, B, C, Ø")),
                measure("beds", "number of beds", 6, 48),
                measure("budget", "yearly budget in thousands", 150, 4200),
            ),
            ("ward_id",),
        ),
        Table(
            "doctor",
            "doctor",
            "doctors",
            70,
            (
                key("doctor_id"),
                person(),
                ref("ward_id", "ward", "working in"),
                group(
                    "grade",
                    "grade",
                    "of the grade {}",
                    words("resident, specialist, senior, chief"),
                ),
                day(
                    "hired_on",
                    "hiring date",
                    "who were hired",
                    "1994-01-01",
                    "2022-12-31",
                ),
                measure("salary", "monthly salary", 3100, 11800),
                plain("phone", phone, missing=0.15),
            ),
            ("doctor_id",),
        ),
        Table(
            "patient",
            "patient",
            "patients",
            230,
            (
                key("patient_id"),
                person(),
                group("town", "town", "living in {}", CITIES),
                group(
                    "blood",
                    "blood group",
                    "with the blood group {}",
                    words("0+, A+, B+, A-, AB+, 0-"),
                    missing=0.12,
                ),
                day(
                    "born_on",
                    "date of birth",
                    "who were born",
                    "1931-01-01",
                    "2018-12-31",
                ),
                group(
                    "insurance",
                    "insurance",
                    "",
                    {
                        "N": "insured by the state",
                        "P": "insured privately",
                        "X": "without insurance",
                    },
                ),
            ),
            ("patient_id",),
        ),
        Table(
            "admission",
            "admission",
            "admissions",
            620,
            (
                key("admission_id"),
                ref("patient_id", "patient", "of"),
                ref("ward_id", "ward", "to"),
                day(
                    "admitted_on",
                    "admission date",
                    "that began",
                    "2018-01-01",
                    "2023-06-30",
                ),
                day_after(
                    "discharged_on",
                    "discharge date",
                    "that ended",
                    "admitted_on",
                    0,
                    40,
                    missing=0.06,
                ),
                group(
                    "urgency",
                    "urgency",
                    "of the urgency {}",
                    words("planned, urgent, emergency"),
                ),
                measure("cost", "cost in euros", 220, 24000, digits=2),
            ),
            ("admission_id",),
        ),
        Table(
            "diagnosis",
            "diagnosis",
            "diagnoses",
            900,
            (
                ref("admission_id", "admission", "made in"),
                group(
                    "code",
                    "code",
                    "",
                    {
                        "I10": "of high blood pressure",
                        "J18": "of pneumonia",
                        "E11": "of diabetes",
                        "S72": "of a broken thigh",
                        "K35": "of appendicitis",
                        "G43": "of migraine",
                    },
                ),
                ref("doctor_id", "doctor", "made by"),
                measure("severity", "severity", 1, 9, missing=0.1),
            ),
            ("admission_id", "code"),
        ),
        Table(
            "prescription",
            "prescription",
            "prescriptions",
            480,
            (
                key("prescription_id"),
                ref("doctor_id", "doctor", "written by"),
                ref("patient_id", "patient", "for"),
                group(
                    "drug",
                    "drug",
                    "of {}",
                    words("ibuprofen, amoxicillin, insulin, paracetamol, heparin"),
                ),
                measure("daily_dose", "daily dose in milligrams", 5, 2400),
                day(
                    "started_on",
                    "starting date",
                    "that started",
                    "2018-01-01",
                    "2023-06-30",
                ),
                day_after(
                    "stopped_on",
                    "stopping date",
                    "that stopped",
                    "started_on",
                    3,
                    120,
                    missing=0.2,
                ),
            ),
            ("prescription_id",),
        ),
    ),
)

WEATHER_STATIONS = Domain(
    "weather_stations",
    (
        Table(
            "station",
            "station",
            "stations",
            36,
            (
                key("station_id", "WS{:02}"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Mont, Cape, Lago, Stary"),
                        words(
                            "Blanc, Nord, Verde, Młyn, Étang, Þingvellir, Sól, Øst, Roca"
                        ),
                    ),
                ),
                group("country", "country", "in {}", COUNTRIES),
                measure("altitude", "altitude in metres", 2, 2900),
                day(
                    "installed_on",
                    "date of installation",
                    "installed",
                    "1988-01-01",
                    "2019-12-31",
                ),
                group(
                    "terrain",
                    "terrain",
                    "on {} terrain",
                    words("flat, coastal, alpine, urban"),
                    missing=0.08,
                ),
            ),
            ("station_id",),
        ),
        Table(
            "observer",
            "observer",
            "observers",
            40,
            (
                key("observer_id"),
                person(),
                group(
                    "role",
                    "role",
                    "working as {}",
                    words("volunteer, technician, researcher"),
                ),
                day(
                    "started_on",
                    "starting date",
                    "who started",
                    "1999-01-01",
                    "2021-12-31",
                ),
            ),
            ("observer_id",),
        ),
        Table(
            "sensor",
            "sensor",
            "sensors",
            140,
            (
                key("sensor_id"),
                label(
                    "serial",
                    "serial number",
                    lambda row: f"SN-{row.number * 91 + 1007}",
                ),
                ref("station_id", "station", "mounted at"),
                group(
                    "quantity",
                    "quantity",
                    "measuring {}",
                    words("temperature, rain, wind, pressure, humidity"),
                ),
                measure(
                    "accuracy", "accuracy in percent", 80, 99.9, digits=1, missing=0.1
                ),
                day(
                    "mounted_on",
                    "date of mounting",
                    "mounted",
                    "2005-01-01",
                    "2021-12-31",
                ),
                day_after(
                    "replaced_on",
                    "date of replacement",
                    "replaced",
                    "mounted_on",
                    200,
                    3500,
                    missing=0.5,
                ),
            ),
            ("sensor_id",),
        ),
        Table(
            "daily_summary",
            "daily summary",
            "daily summaries",
            1100,
            (
                ref("station_id", "station", "from"),
                day("day", "date", "taken", "2020-01-01", "2023-12-31"),
                measure("highest", "highest temperature", -18, 38, digits=1),
                measure(
                    "rain", "rainfall in millimetres", 0, 64, digits=1, missing=0.07
                ),
                group(
                    "sky",
                    "sky",
                    "under {} sky",
                    words("clear, cloudy, overcast, foggy"),
                ),
            ),
            ("station_id", "day"),
        ),
        Table(
            "maintenance",
            "visit",
            "visits",
            260,
            (
                key("visit_id"),
                ref("sensor_id", "sensor", "to"),
                ref("observer_id", "observer", "made by"),
                day("visited_on", "date", "made", "2015-01-01", "2023-12-31"),
                group(
                    "outcome",
                    "outcome",
                    "",
                    {
                        "OK": "that found no fault",
                        "CAL": "that ended with a calibration",
                        "REP": "that ended with a repair",
                    },
                ),
                measure("hours", "duration in hours", 0.5, 9, digits=1),
            ),
            ("visit_id",),
        ),
    ),
)

BOTANICAL_GARDEN = Domain(
    "botanical_garden",
    (
        Table(
            "family",
            "plant family",
            "plant families",
            20,
            (
                key("family_id"),
                label(
                    "name",
                    "name",
                    words(
                        "Rosaceae, Fabaceae, Poaceae, Orchidaceae, Lamiaceae, Ericaceae, "
                        "Pinaceae, Fagaceae, Betulaceae, Cactaceae, Iridaceae, Liliaceae, "
                        "Apiaceae, Solanaceae, Araceae, Malvaceae, Salicaceae, Violaceae, "
                        "Oleaceae, Asteraceae"
                    ),
                ),
                group(
                    "origin",
                    "main origin",
                    "mainly from {}",
                    words("Europe, Asia, South America, Africa"),
                ),
                measure("genera", "number of genera", 1, 900),
            ),
            ("family_id",),
        ),
        Table(
            "species",
            "species",
            "species of the garden",
            170,
            (
                key("species_id"),
                label(
                    "latin_name",
                    "Latin name",
                    pairs(
                        words(
                            "Rosa, Quercus, Salvia, Iris, Betula, Pinus, Viola, Malva, Arum, "
                            "Erica"
                        ),
                        words(
                            "alba, minor, ×hybrida, montana, officinalis, nigra, palustris, "
                            "silvestris, elegans, borealis, maritima, robusta, cærulea, "
                            "fragrans, pumila, aurea, communis, gracilis"
                        ),
                    ),
                ),
                ref("family_id", "family", "belonging to"),
                group(
                    "habit", "habit", "growing as {}", words("herb, shrub, tree, vine")
                ),
                measure("height", "full height in centimetres", 6, 3800),
                group(
                    "red_list",
                    "conservation status",
                    "",
                    {
                        "LC": "of least concern",
                        "VU": "listed as vulnerable",
                        "EN": "listed as endangered",
                    },
                    missing=0.15,
                ),
            ),
            ("species_id",),
        ),
        Table(
            "bed",
            "bed",
            "beds",
            32,
            (
                key("bed_id"),
                label(
                    "name",
                    "name",
                    pairs(
                        words("Rose, Moor, Alpine, Système"),
                        words("North, South, East, West, Ring, Żwir, Terrasse, Pond"),
                    ),
                ),
                group(
                    "exposure",
                    "exposure",
                    "in {}",
                    words("full sun, half shade, full shade"),
                ),
                measure("area", "area in square metres", 4, 420, digits=1),
                group(
                    "soil", "soil", "with {} soil", words("loamy, sandy, peaty, chalky")
                ),
            ),
            ("bed_id",),
        ),
        Table(
            "gardener",
            "gardener",
            "gardeners",
            38,
            (
                key("gardener_id"),
                person(),
                group(
                    "contract",
                    "contract",
                    "with a {} contract",
                    words("permanent, seasonal, trainee"),
                ),
                day(
                    "hired_on",
                    "hiring date",
                    "who were hired",
                    "1996-01-01",
                    "2022-12-31",
                ),
                measure("wage", "hourly wage", 12, 34, digits=2),
                plain("email", email, missing=0.3),
            ),
            ("gardener_id",),
        ),
        Table(
            "planting",
            "planting",
            "plantings",
            560,
            (
                key("planting_id"),
                ref("species_id", "species", "of"),
                ref("bed_id", "bed", "in"),
                ref("gardener_id", "gardener", "done by"),
                day(
                    "planted_on", "planting date", "planted", "2012-01-01", "2022-12-31"
                ),
                day_after(
                    "removed_on",
                    "date of removal",
                    "removed",
                    "planted_on",
                    60,
                    2600,
                    missing=0.6,
                ),
                measure("specimens", "number of specimens", 1, 120),
            ),
            ("planting_id",),
        ),
        Table(
            "watering",
            "watering",
            "waterings",
            700,
            (
                ref("bed_id", "bed", "of"),
                day("day", "date", "done", "2021-01-01", "2023-12-31"),
                measure("litres", "amount in litres", 10, 900),
                group("method", "method", "by {}", words("hose, drip line, can")),
            ),
            ("bed_id", "day"),
        ),
    ),
)
