package agentgym;

/** A game or bytes that this program can't copy, and why. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String reason) {
        super(reason);
    }
}
