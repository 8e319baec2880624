/**
 * Payments through Authorize.Net. Needs no package.
 *
 * @packageDocumentation
 */
export { authorizeNetCapabilities } from './authorizenet/authorize-net-capabilities.ts'
export { authorizeNetGateway } from './authorizenet/authorize-net-gateway.ts'
export type { AuthorizeNetGatewayOptions } from './authorizenet/authorize-net-options.ts'
