/**
 * HTTP over `Request → Response`: a router with validated input, problem details, guards and an OpenAPI description, and
 * a fast adapter for Node's servers.
 *
 * @packageDocumentation
 */
export {
  apiKeyAuth,
  jwtAuth,
  type ApiKeyAuthOptions,
  type Authenticator,
  type JwtAuthOptions,
} from './authenticator.ts'
export type { BodyKind } from './content-type.ts'
export { checkConditions, entityTag, type ResourceState } from './conditional.ts'
export type { CorsOptions } from './cors.ts'
export { httpErrors } from './errors.ts'
export { eventStream, type EventStreamOptions, type ServerSentEvent } from './event-stream.ts'
export type { FormValues } from './form-values.ts'
export type { Incoming, Outgoing } from './node/incoming.ts'
export { toNodeHandler, type FetchHandler, type NodeHandler, type NodeHandlerOptions } from './node/to-node-handler.ts'
export type { ResponseHeaders } from './node/node-response.ts'
export type { JsonSchema } from './openapi/json-schema.ts'
export { openapi, type OpenApiDocument, type OpenApiInfo } from './openapi/openapi.ts'
export { operationsRouter, type OperationsRouterOptions } from './operations-router.ts'
export { parseProblem, type ParseProblemOptions } from './parse-problem.ts'
export type { PathParameters } from './path-pattern.ts'
export { problemOf, problemResponse, type InputIssue, type Problem, type ProblemOptions } from './problem.ts'
export type { RequestRate } from './rate-limit-guard.ts'
export { reply, replyContent, type Reply, type ReplyContentOptions, type ReplyOptions } from './reply.ts'
export { clientAddress } from './request-parts.ts'
export type { AnyRoute, Method, RouteContext, RouteDefinition, Validated } from './route.ts'
export { createRouter, type RouteEntry, type Router, type RouterOptions } from './router.ts'
export type { SecurityHeaders } from './security-headers.ts'
export { toRouteHandlers, type RouteMethod } from './to-route-handlers.ts'
