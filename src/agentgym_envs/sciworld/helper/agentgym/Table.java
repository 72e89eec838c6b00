package agentgym;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import scienceworld.runtime.pythonapi.PythonInterface;

/** All games of this process, by number. */
final class Table {
    /** What a game is loaded from, and its first action if there is one. */
    record Item(String task, int variation, String simplifications, String first) {}

    /** A game at its start, and what the first action gave. */
    private record Start(Session session, String text) {}

    /** A game that has begun. */
    record Opened(int number, String text) {}

    /** There is no memory for a further game. */
    static final class Full extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final int PRISTINE = 64; // games, of 0.3 MB each
    private static final long RESERVE = 40L << 20; // bytes, for loading and playing

    private final Map<Integer, Session> sessions = new HashMap<>();
    private final Map<Item, Start> pristine = new LinkedHashMap<>(16, 0.75f, true);
    private PythonInterface loader;
    private int last;
    private boolean copies = hasFixedHash();

    /** Whether games can be copied; without that they have to be replayed. */
    boolean copies() {
        return copies;
    }

    private static boolean hasFixedHash() {
        // A copied object keeps its place in a hash set only if all hashes are equal.
        int hash = System.identityHashCode(new Object());
        for (int i = 0; i < 8; i++) {
            if (System.identityHashCode(new Object()) != hash) {
                return false;
            }
        }
        return true;
    }

    Session get(int number) {
        Session session = sessions.get(number);
        if (session == null) {
            throw new IllegalArgumentException("no game " + number);
        }
        return session;
    }

    Opened open(Item item) throws Full {
        makeRoom();
        if (copies) {
            try {
                Start start = pristine(item);
                return new Opened(add(start.session.fork()), start.text);
            } catch (Refused refused) {
                // Never seen; but then every game gets an interface of its own.
                copies = false;
            }
        }
        Start start = begin(load(new PythonInterface(), item, false), item);
        return new Opened(add(start.session), start.text);
    }

    private Start pristine(Item item) throws Refused {
        Start kept = pristine.get(item);
        if (kept == null) {
            kept = begin(load(loader(), item, false).fork(), item);
            pristine.put(item, kept);
            if (pristine.size() > PRISTINE) {
                pristine.remove(pristine.keySet().iterator().next());
            }
        }
        return kept;
    }

    private static Start begin(Session session, Item item) {
        return new Start(session, item.first.isEmpty() ? "" : session.step(item.first));
    }

    /** The one interface that is kept for loading; a new one costs 18 ms. */
    private PythonInterface loader() {
        if (loader == null) {
            loader = new PythonInterface();
        }
        return loader;
    }

    private static Session load(PythonInterface face, Item item, boolean gold) {
        Session session = new Session(face);
        session.load(item.task, item.variation, item.simplifications, gold);
        session.dropTasks();
        return session;
    }

    String[] goldPath(Item item) throws Full {
        makeRoom();
        return load(loader(), item, true).face.goldActionsStr();
    }

    int fork(int number) throws Refused, Full {
        makeRoom();
        return add(get(number).fork());
    }

    int decode(byte[] bytes) throws Refused, Full {
        makeRoom();
        return add(Decoder.decode(bytes));
    }

    /** Answer a question about a game, without a trace in it. */
    String tell(int number, char question) throws Refused {
        Session session = get(number);
        // Looking around and at the inventory leaves objects behind.
        boolean isTraced = question == 'l' || question == 'i';
        return (isTraced && copies ? session.fork() : session).tell(question);
    }

    void close(int number) {
        sessions.remove(number);
    }

    private int add(Session session) {
        last++;
        sessions.put(last, session);
        return last;
    }

    private void makeRoom() throws Full {
        if (freeBytes() > RESERVE) {
            return;
        }
        System.gc();
        if (freeBytes() > RESERVE) {
            return;
        }
        pristine.clear();
        System.gc();
        if (freeBytes() < RESERVE) {
            throw new Full();
        }
    }

    private static long freeBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    /** Bytes in use after a collection. */
    static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
