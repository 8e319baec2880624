import { hash } from 'node:crypto'
import { afterwards } from '../../gateway/afterwards.ts'
import type { AcceptDisputeCommand, SubmitEvidenceCommand } from '../../gateway/command.ts'
import type { OperationOutcome } from '../../gateway/outcome.ts'
import type { DisputeAction, DisputeSnapshot } from '../../gateway/snapshot.ts'
import type { PaypalApi } from './paypal-api.ts'
import { linkRelations } from './paypal-dispute.ts'
import { refused } from './paypal-outcome.ts'
import { disputeFromPaypal, referenceOf } from './paypal-snapshot.ts'
import type { PaypalDispute } from './paypal-types.ts'

/** Concedes a dispute, where its links allow it. */
export async function acceptClaim(
  gateway: string,
  api: PaypalApi,
  { key, dispute }: AcceptDisputeCommand,
): Promise<OperationOutcome<DisputeSnapshot>> {
  return follow(gateway, api, dispute, 'accept', (path) =>
    api.request('POST', path, { json: { note: 'Accepted.' }, key: referenceOf(key) }),
  )
}

/** Hands evidence in, or an appeal, whichever the links allow. */
export async function provideEvidence(
  gateway: string,
  api: PaypalApi,
  { key, dispute }: SubmitEvidenceCommand,
  input: unknown,
): Promise<OperationOutcome<DisputeSnapshot>> {
  return follow(gateway, api, dispute, 'submit_evidence', (path) =>
    api.request('POST', path, { form: formOf(input, key), key: referenceOf(key) }),
  )
}

/** What may be done the links tell, not the status. They lead nowhere but to this dispute, whatever they say. */
async function follow(
  gateway: string,
  api: PaypalApi,
  reference: string,
  action: DisputeAction,
  send: (path: string) => Promise<unknown>,
): Promise<OperationOutcome<DisputeSnapshot>> {
  const own = `/v1/customer/disputes/${encodeURIComponent(reference)}`
  const before = await api.request<PaypalDispute>('GET', own)
  const path = linkRelations[action]
    .map((rel) => before.links?.find((link) => link.rel === rel)?.href)
    .map((href) => (href !== undefined && URL.canParse(href) ? new URL(href).pathname : undefined))
    .find((each) => each?.startsWith(`${own}/`))
  if (path === undefined)
    return refused('wrong_state', 'ACTION_NOT_ALLOWED', `PayPal does not offer this for the dispute now: ${action}.`)
  await send(path)
  const after = await afterwards(gateway, () => api.request<PaypalDispute>('GET', own))
  return { status: 'succeeded', result: disputeFromPaypal(after) }
}

/** `multipart/form-data` with the part `input`. The boundary comes from the key, so that a repetition is the same bytes. */
function formOf(input: unknown, key: string): { readonly body: Uint8Array; readonly contentType: string } {
  const boundary = `exprsn-${hash('sha256', key, 'hex').slice(0, 32)}`
  const head = 'content-disposition: form-data; name="input"\r\ncontent-type: application/json'
  const text = `--${boundary}\r\n${head}\r\n\r\n${JSON.stringify(input)}\r\n--${boundary}--\r\n`
  return { body: new TextEncoder().encode(text), contentType: `multipart/form-data; boundary=${boundary}` }
}
