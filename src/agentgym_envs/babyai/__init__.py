"""BabyAI: follow one instruction in a grid that is seen in part, told as text."""

from agentgym_envs.registry import TaskSpec

HORIZON = 20  # steps, the published evaluation limit
TRAIN_SEEDS = range(1000)
TEST_SEEDS = range(1000, 1025)

# The names of the tasks in the order of the original's 40 levels, which is that of
# the table in `levels`; here they load nothing.
NAMES = (
    "GoToRedBallGrey",
    "GoToRedBall",
    "GoToRedBallNoDists",
    "GoToObjS6",
    "GoToLocalS8N7",
    "GoToObjMazeS7",
    "GoToImpUnlock",
    "GoToSeqS5R2",
    "GoToRedBlueBall",
    "GoToDoor",
    "GoToObjDoor",
    "Open",
    "OpenRedDoor",
    "OpenDoorLoc",
    "OpenRedBlueDoorsDebug",
    "OpenDoorsOrderN4Debug",
    "Pickup",
    "UnblockPickup",
    "PickupLoc",
    "PickupDistDebug",
    "PickupAbove",
    "PutNextLocalS6N4",
    "PutNextS7N4Carrying",
    "Unlock",
    "UnlockLocalDist",
    "KeyInBox",
    "UnlockPickupDist",
    "BlockedUnlockPickup",
    "UnlockToUnlock",
    "ActionObjDoor",
    "FindObjS7",
    "KeyCorridorS6R3",
    "OneRoomS20",
    "MoveTwoAcrossS8N9",
    "SynthS5R2",
    "SynthLoc",
    "SynthSeq",
    "MiniBossLevel",
    "BossLevel",
    "BossLevelNoUnlock",
)


def _spec(name: str, tasks: int, **rest: object) -> TaskSpec:
    return TaskSpec(
        name=name,
        entry="agentgym_envs.babyai.env:BabyAIEnv",
        scenario="embodied",
        horizon=HORIZON,
        train=tasks * len(TRAIN_SEEDS),
        test=tasks * len(TEST_SEEDS),
        extra="babyai",
        **rest,  # type: ignore[arg-type]  # fields of TaskSpec
    )


SPECS = [
    _spec("BabyAI", len(NAMES), is_group=True),
    *(_spec(f"BabyAI.{name}", 1, kwargs={"task": name}) for name in NAMES),
]
