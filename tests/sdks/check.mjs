// Asks the vendors' own libraries about webhooks that are handed in as JSON on stdin; answers a JSON list of verdicts.
import '@shopify/shopify-api/adapters/node';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { Webhook } from 'standardwebhooks';

const shopify = (secret) =>
  shopifyApi({
    apiKey: 'key',
    apiSecretKey: secret,
    hostName: 'siyu.example',
    apiVersion: ApiVersion.October24,
    isEmbeddedApp: false,
    logger: { level: 0, log: () => {} },
  });

const judges = {
  async shopify({ secret, headers, body }) {
    const said = await shopify(secret).webhooks.validate({ rawBody: body, rawRequest: { headers, method: 'POST', url: '/' } });
    return said.valid;
  },
  standard({ secret, headers, body }) {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  },
};

let text = '';
for await (const part of process.stdin) text += part;
const verdicts = [];
for (const asked of JSON.parse(text)) verdicts.push(await judges[asked.judge](asked));
process.stdout.write(JSON.stringify(verdicts));
