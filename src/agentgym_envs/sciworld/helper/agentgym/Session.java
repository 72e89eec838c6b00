package agentgym;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import main.scala.scienceworld.runtime.Simplification;
import main.scala.scienceworld.runtime.SimplifierProcessor$;
import scala.collection.mutable.ArrayBuffer;
import scienceworld.input.InputParser;
import scienceworld.objects.agent.Agent;
import scienceworld.runtime.AgentInterface;
import scienceworld.runtime.pythonapi.PythonInterface;
import scienceworld.struct.EnvObject;

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
            case 'p' -> menu();
            default -> throw new IllegalArgumentException("no question " + question);
        };
        // No leave(): what the answer drew from the generator is forgotten.
    }

    /**
     * The actions that the engine lists, an empty line, and the things of the list that its
     * parser can't reach.
     *
     * <p>Only a copy may be asked that nobody plays, since seeing leaves traces.
     */
    private String menu() {
        List<String> listed = face.getValidActionObjectCombinations();
        StringBuilder lines = new StringBuilder(String.join("\n", listed)).append('\n');
        Set<String> names = names();
        for (String action : listed) {
            if (action.startsWith(LOOK)) {
                String thing = action.substring(LOOK.length());
                if (!names.contains(String.join(" ", InputParser.tokenize(thing.toLowerCase())))) {
                    lines.append('\n').append(thing);
                }
            }
        }
        return lines.toString();
    }

    /** Under which names the parser finds things: those that the agent sees, or has. */
    private Set<String> names() {
        Agent self = face.agent().get();
        EnvObject place = self.getContainer().get();
        Set<String> names = new HashSet<>();
        for (EnvObject root : List.of(agent().getAgentVisibleObjects(false)._2(), self)) {
            scala.collection.Iterator<EnvObject> things =
                    InputParser.collectAccessibleObjects(root, true).iterator();
            while (things.hasNext()) {
                names.addAll(List.of(InputParser.getObjectReferents(things.next(), place)));
            }
        }
        return names;
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

    private static final String LOOK = "look at "; // listed for every thing, and fits all
    private static final String UNKNOWN =
            "Unknown action.  Type 'help' for a list of actions, and 'objects' for a list of "
                    + "possible object referents. ";
}
