import { systemClock, systemRandom } from '@exprsn/core'
import { signAuthorizeNetWebhook } from '../../webhook/authorizenet/authorize-net-verifier.ts'
import { testingErrors } from '../errors.ts'
import { GatewayFaults } from '../simulator/gateway-faults.ts'
import type { GatewaySimulator, SimulatorOptions } from '../simulator/gateway-simulator.ts'
import type { SimulatedResponse } from '../simulator/simulated-message.ts'
import type { SimulatedPayment } from '../simulator/simulated-payment.ts'
import { startSimulatorServer } from '../simulator/simulator-server.ts'
import { WebhookOutbox } from '../simulator/webhook-outbox.ts'
import { AuthorizeNetAccount } from './authorize-net-account.ts'
import { AuthorizeNetApi, renderNotification, requestName } from './authorize-net-api.ts'
import type { NotificationRecord, TransactionRecord } from './authorize-net-objects.ts'

/** Options of {@link simulateAuthorizeNet}. */
export interface SimulateAuthorizeNetOptions extends SimulatorOptions {
  /** @default 'login-simulated' */
  readonly apiLoginId?: string | undefined
  /** @default 'key-simulated' */
  readonly transactionKey?: string | undefined
  /** Signs webhooks. @default '5349474E41545552454B4559' */
  readonly signatureKey?: string | undefined
  /** The account's only currency, ISO 4217. @default 'USD' */
  readonly currency?: string | undefined
}

/** A simulated Authorize.Net account. */
export interface AuthorizeNetSimulator extends GatewaySimulator {
  readonly apiLoginId: string
  readonly transactionKey: string
  readonly signatureKey: string
  /** What Accept.js gives for a card that pays, is declined, or is held for review. Good for one use within fifteen minutes. */
  createToken(kind?: 'pays' | 'declines' | 'held'): string
  /** The merchant approves or declines a payment that was held for review. */
  review(payment: string, approve: boolean): void
}

/**
 * Authorize.Net in this process, over real HTTP: transactions by Accept.js token and by customer profile, captures, voids,
 * refunds of settled transactions alone, the duplicate window, daily batches, transaction lists and details, notifications
 * signed like the real ones, and faults, by a clock of your choice. Like the real service it refuses elements in another
 * order than the schema's, answers errors with status 200, begins answers with a byte order mark, and keeps no keys.
 *
 * Its rules come from AnetApiSchema (as mappings/Schema.js of AuthorizeNet/sdk-node lists it), AuthorizeNet/sample-code-node
 * and the response reason codes of developer.authorize.net. From memory are: the paths and paging of the notifications'
 * history, what exactly the duplicate window compares, the 30 days of an authorisation, and midnight as the cut-off time.
 *
 * @example
 * ```ts
 * import { simulateAuthorizeNet } from '@exprsn/payments/testing'
 *
 * await using simulator = await simulateAuthorizeNet()
 * const body = JSON.stringify({ getUnsettledTransactionListRequest: { merchantAuthentication: { name: 'x', transactionKey: 'y' } } })
 * const response = await fetch(`${simulator.url}/xml/v1/request.api`, { method: 'POST', body })
 * console.log(response.status, (await response.text()).includes('E00007')) // 200 true
 * ```
 */
export async function simulateAuthorizeNet(options: SimulateAuthorizeNetOptions = {}): Promise<AuthorizeNetSimulator> {
  const { clock = systemClock, random = systemRandom, currency = 'USD' } = options
  const { apiLoginId = 'login-simulated', transactionKey = 'key-simulated' } = options
  const { signatureKey = '5349474E41545552454B4559' } = options
  const webhooks = new WebhookOutbox(random, options.webhooks)
  const faults = new GatewayFaults(random, options.faults ?? {})
  const onNotification = (notification: NotificationRecord): void => {
    const body = renderNotification(notification)
    const bytes = new TextEncoder().encode(body)
    const sign = () => ({ 'x-anet-signature': signAuthorizeNetWebhook({ body: bytes, signatureKey }) })
    webhooks.add({ id: notification.id, type: notification.eventType, body, sign })
  }
  const account = new AuthorizeNetAccount({ clock, random, currency, onNotification })
  const api = new AuthorizeNetApi(account, { apiLoginId, transactionKey })
  const server = await startSimulatorServer({
    faults,
    handle: (request) => api.answer(request),
    failure: failureResponse,
    describe: requestName,
  })

  return {
    url: server.url,
    apiLoginId,
    transactionKey,
    signatureKey,
    faults,
    webhooks,
    requests: server.requests,
    payments: () => paymentsOf(account),
    balance: () => account.book.entries,
    bankStatement: () => account.book.bank,
    settle: () => account.settle(),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
    createToken: (kind = 'pays') => {
      const token = `eyJ${Buffer.from(random.bytes(18)).toString('base64url')}`
      account.tokens.set(token, { madeAt: clock.now(), kind, used: false })
      return token
    },
    review: (payment, approve) => {
      const transaction = account.transactions.get(payment)
      if (transaction === undefined)
        throw testingErrors.PAYMENTS_TESTING_UNKNOWN_OBJECT({ kind: 'payment', reference: payment })
      const { status } = transaction
      if (status !== 'FDSPendingReview')
        throw testingErrors.PAYMENTS_TESTING_WRONG_STATE({ operation: 'review', reference: payment, state: status })
      decide(account, transaction, approve)
    },
  }
}

function decide(account: AuthorizeNetAccount, transaction: TransactionRecord, approve: boolean): void {
  const captured = transaction.type === 'authCaptureTransaction'
  if (!approve) transaction.status = 'declined'
  else if (captured)
    Object.assign(transaction, { status: 'capturedPendingSettlement', settleAmount: transaction.amount })
  else transaction.status = 'authorizedPendingCapture'
  account.notify(approve ? 'fraud.approved' : 'fraud.declined', transaction)
}

function paymentsOf({ transactions, currency }: AuthorizeNetAccount): SimulatedPayment[] {
  const all = [...transactions.values()]
  return all
    .filter(({ type }) => type !== 'refundTransaction')
    .map((transaction) => {
      const refunds = all.filter(({ refTransId, status }) => refTransId === transaction.id && status !== 'voided')
      return {
        reference: transaction.id,
        key: transaction.invoiceNumber,
        order: transaction.description,
        currency,
        amount: transaction.amount,
        captured: transaction.settleAmount,
        refunded: refunds.reduce((sum, { settleAmount }) => sum + settleAmount, 0n),
        state: transaction.status,
      }
    })
}

function failureResponse(status: number): SimulatedResponse {
  return { status, headers: { 'content-type': 'text/html' }, body: `<h1>${status}</h1>` }
}
