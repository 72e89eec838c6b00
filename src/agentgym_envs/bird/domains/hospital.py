"""A hospital: wards, doctors, patients, admissions and drugs."""

from agentgym_envs.bird.domains.making import (
    day,
    day_after,
    group,
    key,
    label,
    measure,
    person,
    phone,
    plain,
    ref,
)
from agentgym_envs.bird.domains.model import Domain, Table
from agentgym_envs.bird.domains.words import CITIES, words

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
                        "Cardiology, Surgery, Paediatrics, Neurology, Oncology, "
                        "Maternity, Orthopaedics, Urology, Geriatrics, Dermatology, "
                        "Emergency, Psychiatry, Ophthalmology, Intensive Care"
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
                    "hired",
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
                    "born",
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
