// A subscriber's server that verifies by the official library: receiver.mjs SECRET...
//
// Prints its port, and then for each request a line of JSON: for each secret the library's complaint (null if the message is genuine), and what
// the library read of the body.

import { createServer } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const secrets = process.argv.slice(2);

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  let read = null;
  const complaints = secrets.map((secret) => {
    try {
      read = new Webhook(secret).verify(body, request.headers);
      return null;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      return error.message;
    }
  });
  console.log(JSON.stringify({ complaints, read }));
  response.writeHead(204).end();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
