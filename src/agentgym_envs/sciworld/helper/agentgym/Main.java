package agentgym;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Answers requests on standard input, one after the other, until it is closed.
 *
 * <p>A request is its length (four bytes), a letter, and arguments; an answer is its
 * length, a status letter, and the result. There is no port that others could reach.
 */
public final class Main {
    private static final int LARGEST = 1 << 26; // bytes of a request

    private final Table table = new Table();

    private Main() {}

    /** Serve the process whose number is the first argument. */
    public static void main(String[] arguments) throws Exception {
        DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        DataOutputStream out =
                new DataOutputStream(
                        new BufferedOutputStream(
                                new FileOutputStream(FileDescriptor.out), 1 << 16));
        // The engine prints much, and could ask; the pipes are not its own.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        System.setIn(InputStream.nullInputStream());
        watch(Long.parseLong(arguments[0]), Path.of(arguments[1]));
        Session.GENERATOR.install();
        new Main().serve(in, out);
        remove(Path.of(arguments[1]));
        Runtime.getRuntime().halt(0);
    }

    /** End with the process that started this one, even if a child holds its pipes. */
    private static void watch(long parent, Path folder) {
        // A dead parent stays visible until it is waited for, but is no parent any more.
        // Only where a script started Java was it never the parent.
        boolean isDirect = isChildOf(parent);
        Thread thread =
                new Thread(
                        () -> {
                            while (isDirect ? isChildOf(parent) : isAlive(parent)) {
                                try {
                                    Thread.sleep(500);
                                } catch (InterruptedException none) {
                                    return;
                                }
                            }
                            remove(folder);
                            Runtime.getRuntime().halt(1);
                        });
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isChildOf(long parent) {
        return ProcessHandle.current().parent().map(p -> p.pid() == parent).orElse(false);
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Remove the folder that was made for this process. */
    private static synchronized void remove(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException error) {
            // It is a temporary folder.
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] request;
            try {
                int length = in.readInt();
                if (length < 1 || length > LARGEST) {
                    return;
                }
                request = in.readNBytes(length);
                if (request.length < length) {
                    return;
                }
            } catch (EOFException end) {
                return;
            }
            byte[] answer = answer(request);
            out.writeInt(answer.length);
            out.write(answer);
            out.flush();
        }
    }

    private byte[] answer(byte[] request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(request));
        char failure;
        String reason;
        try {
            out.writeByte('+');
            handle((char) in.readUnsignedByte(), in, out);
            return bytes.toByteArray();
        } catch (Refused refused) {
            failure = 'r';
            reason = refused.getMessage();
        } catch (Table.Full full) {
            failure = 'f';
            reason = "";
        } catch (Exception | StackOverflowError | LinkageError error) {
            failure = 'e';
            reason = error.toString();
        }
        bytes.reset();
        out.writeByte(failure);
        out.write(reason.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private void handle(char letter, DataInputStream in, DataOutputStream out)
            throws IOException, Refused, Table.Full {
        switch (letter) {
            case 'h' -> out.writeBoolean(table.copies());
            case 'l' -> {
                Table.Opened opened = table.open(item(in));
                out.writeInt(opened.number());
                tell(table.get(opened.number()), opened.text(), out);
            }
            case 's' -> {
                Session session = table.get(in.readInt());
                tell(session, session.step(rest(in)), out);
            }
            case 'q' -> {
                int number = in.readInt();
                out.write(utf8(table.tell(number, (char) in.readUnsignedByte())));
            }
            case 'f' -> out.writeInt(table.fork(in.readInt()));
            case 'e' -> out.write(Encoder.encode(table.get(in.readInt())));
            case 'd' -> {
                int number = table.decode(in.readAllBytes());
                out.writeInt(number);
                tell(table.get(number), "", out);
            }
            case 'c' -> {
                while (in.available() > 0) {
                    table.close(in.readInt());
                }
            }
            case 'g' -> {
                out.write(utf8(String.join("\n", table.goldPath(item(in)))));
            }
            case 'm' -> out.writeLong(Table.usedBytes());
            default -> throw new IllegalArgumentException("no request " + letter);
        }
    }

    private static void tell(Session session, String text, DataOutputStream out)
            throws IOException {
        out.writeDouble(session.face.getScore());
        out.writeBoolean(session.face.getCompleted());
        out.writeInt(session.face.getNumMoves());
        out.write(utf8(text));
    }

    private static Table.Item item(DataInputStream in) throws IOException {
        return new Table.Item(text(in), in.readInt(), text(in), text(in));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static String rest(DataInputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
