/**
 * Records spans through the OpenTelemetry API. Needs the package `@opentelemetry/api` and an SDK of the host's choice.
 *
 * @packageDocumentation
 */
export type { OpenTelemetryApiLike, SpanContextLike, SpanLike, TracerLike } from './opentelemetry/api-like.ts'
export { useOpenTelemetry, type UseOpenTelemetryOptions } from './opentelemetry/use-opentelemetry.ts'
