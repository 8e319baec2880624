/**
 * Gateways in this process, for tests: stateful, over real HTTP, with webhooks, settlements, disputes and faults.
 *
 * @packageDocumentation
 */
export { testingErrors } from './errors.ts'
export type { BalanceEntry, BankLine } from './simulator/balance-book.ts'
export {
  gatewayFaultKinds,
  type GatewayFaultKind,
  type GatewayFaults,
  type PlannedFault,
} from './simulator/gateway-faults.ts'
export type { GatewaySimulator, SimulatorOptions } from './simulator/gateway-simulator.ts'
export type { SimulatedPayment } from './simulator/simulated-payment.ts'
export type { LoggedRequest } from './simulator/simulator-server.ts'
export type {
  DeliverOptions,
  DeliverReport,
  PendingWebhook,
  WebhookOutbox,
  WebhookTarget,
} from './simulator/webhook-outbox.ts'
export {
  simulateStripe,
  type OpenStripeDisputeOptions,
  type SimulateStripeOptions,
  type StripeSimulator,
} from './stripe/simulate-stripe.ts'
export { gatewayConformance } from './conformance/gateway-conformance.ts'
export type { GatewaySubject } from './conformance/gateway-subject.ts'
export { simulatePaypal, type PaypalSimulator, type SimulatePaypalOptions } from './paypal/simulate-paypal.ts'
export {
  simulateAuthorizeNet,
  type AuthorizeNetSimulator,
  type SimulateAuthorizeNetOptions,
} from './authorizenet/simulate-authorize-net.ts'
export type { HostApp, HostGateway, HostOrder, HostWorld } from './host/host-app.ts'
export { simulateHost, type SimulateHostOptions } from './host/simulate-host.ts'
export type { WrittenMovement, WrittenStatement } from './statements/movement.ts'
export { writeStatement } from './statements/write-statement.ts'
