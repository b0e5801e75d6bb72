"""A subscriber's server that verifies by the official library: receiver.py [--tls CERTIFICATE_AND_KEY] SECRET...

Prints its port, and then for each request a line of JSON: for each secret the library's complaint (null if the message is genuine), and what
the library read of the body.
"""

import http.server
import json
import ssl
import sys

from standardwebhooks import Webhook, WebhookVerificationError


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        complaints, read = [], None
        for secret in SECRETS:
            try:
                read = Webhook(secret).verify(body, dict(self.headers))
                complaints.append(None)
            except WebhookVerificationError as error:
                complaints.append(str(error))
        print(json.dumps({"complaints": complaints, "read": read}), flush=True)
        self.send_response(204)
        self.end_headers()


arguments = sys.argv[1:]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
if arguments[0] == "--tls":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments[1])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    arguments = arguments[2:]
SECRETS = arguments
print(server.server_port, flush=True)
server.serve_forever()
