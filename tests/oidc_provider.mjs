// A real OpenID Connect provider for tests: `node oidc_provider.mjs PORT REDIRECT_URI`. Whoever types an address is that person.
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "cityready", client_secret: "a secret: with / signs", redirect_uris: [redirectUri] }],
  claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["only for tests"] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: `subject of ${id}`, groups: ["staff"], email: id, email_verified: !id.startsWith("unverified"), name: "A Person" }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
