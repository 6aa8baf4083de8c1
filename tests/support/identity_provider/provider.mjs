/* A certified OpenID provider for the tests: `node provider.mjs PORT HOTLINE_URL TOLD_URL`.

At TOLD_URL the hotline's own server is told of who left.
Nobody types a password here: whom the tests name at POST /who ({sub, claims, amr, acr}) is whoever comes, "" is nobody. */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, hotline, told] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = new Map();
let who = {};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "hotline",
      client_secret: "a-secret-between-the-two-of-them",
      redirect_uris: [`${hotline}/account/oidc/back`],
      post_logout_redirect_uris: [`${hotline}/login`],
      ...(told && { backchannel_logout_uri: told, backchannel_logout_session_required: true }),
    },
  ],
  claims: { openid: ["sub", "amr"], profile: ["name", "preferred_username", "groups"] },
  pkce: { required: () => true, methods: ["S256"] },
  cookies: { keys: ["of-the-tests-only"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  loadExistingGrant: async (context) => {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
  renderError: (context, out) => {
    context.type = "text";
    context.body = JSON.stringify(out);
  },
});

async function read(request) {
  let body = "";
  for await (const piece of request) body += piece;
  return JSON.parse(body);
}

createServer(async (request, response) => {
  if (request.url === "/who") {
    who = await read(request);
    people.set(who.sub, who.claims);
    response.end();
  } else if (request.url.startsWith("/interaction/")) {
    const result = who.sub
      ? { login: { accountId: who.sub, remember: false, amr: who.amr, acr: who.acr } }
      : { error: "access_denied", error_description: "nobody is here" };
    await provider.interactionFinished(request, response, result);
  } else provider.callback()(request, response);
}).listen(Number(port), "127.0.0.1");
