package agentgym;

import main.scala.scienceworld.runtime.Simplification;
import main.scala.scienceworld.runtime.SimplifierProcessor$;
import scala.collection.mutable.ArrayBuffer;
import scienceworld.runtime.AgentInterface;
import scienceworld.runtime.pythonapi.PythonInterface;

/** One game: the engine's objects, and what the engine keeps in globals for it. */
final class Session {
    static final Generator GENERATOR = new Generator();

    final PythonInterface face;
    Object[] simplifications = {};
    long random;
    long nextId;

    Session(PythonInterface face) {
        this.face = face;
    }

    /** Load an item; the game must have been entered by nobody else. */
    void load(String task, int variation, String simplification, boolean gold) {
        face.load(task, variation, simplification, gold);
        // The interface keeps the score of the game that it had before.
        face.score_$eq(0.0);
        face.isComplete_$eq(false);
        face.goldPathGenerationEnabled_$eq(gold);
        ArrayBuffer<Simplification> used = SimplifierProcessor$.MODULE$.simplifications();
        simplifications = new Object[used.size()];
        for (int i = 0; i < simplifications.length; i++) {
            simplifications[i] = used.apply(i);
        }
        leave();
    }

    /** Forget the list of all tasks, which is 97 % of a game's memory. */
    void dropTasks() {
        face.taskMaker_$eq(null);
    }

    void enter() {
        GENERATOR.state = random;
        util.UniqueIdentifier$.MODULE$.count_$eq(nextId);
        ArrayBuffer<Simplification> used = SimplifierProcessor$.MODULE$.simplifications();
        used.clear();
        for (Object simplification : simplifications) {
            used.$plus$eq((Simplification) simplification);
        }
    }

    void leave() {
        random = GENERATOR.state;
        nextId = util.UniqueIdentifier$.MODULE$.count();
    }

    /** Do what the interface's step does, without the things it makes for its log. */
    String step(String text) {
        enter();
        try {
            return needsInterface(text) ? face.step(text) : leanStep(text);
        } finally {
            leave();
        }
    }

    private boolean needsInterface(String text) {
        String word = text.trim().toLowerCase();
        return word.equals("help")
                || word.equals("objects")
                || word.equals("task")
                || !face.errorStr().isEmpty()
                || face.errorUnknownEnvironment()
                || face.agentInterface().isEmpty()
                || face.agent().isEmpty()
                || face.agent().get().getContainer().isEmpty();
    }

    private String leanStep(String text) {
        scala.Tuple3<String, Object, Object> result = agent().step(text);
        face.score_$eq((Double) result._2());
        face.isComplete_$eq((Boolean) result._3());
        String said = result._1();
        return said.isEmpty() ? UNKNOWN : said;
    }

    private AgentInterface agent() {
        return face.agentInterface().get();
    }

    /** Answer a question about the game, which leaves the game as it was. */
    String tell(char question) {
        enter();
        return switch (question) {
            case 'v' -> String.join("\n", face.getValidActionObjectCombinations());
            case 'l' -> face.freeActionLook();
            case 'i' -> face.freeActionInventory();
            case 't' -> face.getObjectTree("");
            case 'g' -> face.getGoalProgressStr();
            case 'd' -> face.getTaskDescription();
            default -> throw new IllegalArgumentException("no question " + question);
        };
        // No leave(): what the answer drew from the generator is forgotten.
    }

    /** All objects of the game, to be copied. */
    Object[] roots() {
        Object[] roots = new Object[1 + simplifications.length];
        roots[0] = face;
        System.arraycopy(simplifications, 0, roots, 1, simplifications.length);
        return roots;
    }

    /** A game of copied objects. */
    static Session of(Object[] roots, long random, long nextId) {
        Session session = new Session((PythonInterface) roots[0]);
        session.simplifications = new Object[roots.length - 1];
        for (int i = 1; i < roots.length; i++) {
            session.simplifications[i - 1] = (Simplification) roots[i];
        }
        session.random = random;
        session.nextId = nextId;
        return session;
    }

    Session fork() throws Refused {
        return of(Copier.copy(roots()), random, nextId);
    }

    private static final String UNKNOWN =
            "Unknown action.  Type 'help' for a list of actions, and 'objects' for a list of "
                    + "possible object referents. ";
}
