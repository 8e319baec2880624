/**
 * The one client for outgoing HTTP: policies, limits for time and size, and a guard against forged requests.
 *
 * @packageDocumentation
 */
export { createClient, type Client } from './create-client.ts'
export type { ClientOptions, ClientTimeouts, RequestOptions, SharedRequestOptions } from './client-options.ts'
export { clientErrors } from './errors.ts'
export { classifyAddress } from './guard/classify-address.ts'
export {
  guardedConnector,
  type ConnectCallback,
  type Connector,
  type ConnectTarget,
  type GuardedConnector,
  type GuardedConnectorOptions,
  type UndiciLike,
} from './guard/guarded-connector.ts'
export type { Resolve } from './guard/guarded-lookup.ts'
export type { AddressKind } from './guard/special-purpose-networks.ts'
export type { AllowOptions } from './guard/target-guard.ts'
export type { RequestBody } from './request/request-body.ts'
export type { HeaderInput } from './request/request-headers.ts'
export type { Query, QueryValue } from './request/request-url.ts'
export { safeUrl } from './request/safe-url.ts'
export type { ClientResponse } from './response/client-response.ts'
export type { StreamedResponse } from './response/streamed-response.ts'
export type {
  DispatchController,
  DispatcherLike,
  DispatchHandler,
  DispatchOptions,
  RawHeaders,
} from './transport/dispatcher.ts'
export type { OriginBudgetOptions } from './transport/origin-budgets.ts'
