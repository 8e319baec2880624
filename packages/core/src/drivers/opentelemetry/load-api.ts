import { tracingErrors } from '../../tracing/errors.ts'
import type { OpenTelemetryApiLike } from './api-like.ts'

/** The optional peer `@opentelemetry/api`. Throws `CORE_TRACING_DRIVER_MISSING` when it is not installed. */
export async function loadApi(importApi?: () => Promise<OpenTelemetryApiLike>): Promise<OpenTelemetryApiLike> {
  try {
    // Written inside the try: bundlers then accept that the package may be absent.
    return importApi === undefined ? await import('@opentelemetry/api') : await importApi()
  } catch (cause) {
    throw tracingErrors.CORE_TRACING_DRIVER_MISSING({ package: '@opentelemetry/api' }, { cause })
  }
}
