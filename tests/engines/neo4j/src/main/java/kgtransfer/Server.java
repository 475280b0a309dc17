package kgtransfer;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Neo4j Community with Bolt on the loopback interface, without authentication, for tests.
 *
 * <p>{@code java kgtransfer.Server FOLDER PORT} prints the port when it is ready and ends when
 * its standard input is closed, so that it never outlives the tests that started it.
 */
public final class Server {

    private Server() {}

    public static void main(String[] args) throws Exception {
        int asked = Integer.parseInt(args[1]);
        int port = asked > 0 ? asked : freePort();
        SocketAddress address = new SocketAddress("127.0.0.1", port);
        new DatabaseManagementServiceBuilder(Path.of(args[0]))
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(BoltConnector.advertised_address, address)
                .setConfig(GraphDatabaseSettings.auth_enabled, false)
                .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false)
                .build();
        System.out.println("port " + port);
        System.out.flush();
        while (System.in.read() >= 0) {
            // until the end of the input
        }
        Runtime.getRuntime().halt(0); // the folder is thrown away: no checkpoint is needed
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
