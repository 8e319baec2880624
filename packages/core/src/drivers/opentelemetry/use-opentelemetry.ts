import { useSpanRecorder } from '../../tracing/recorder.ts'
import type { OpenTelemetryApiLike } from './api-like.ts'
import { loadApi } from './load-api.ts'
import { openTelemetryRecorder } from './recorder.ts'

/** Options of {@link useOpenTelemetry}. */
export interface UseOpenTelemetryOptions {
  /** The module, for hosts that load it themselves. @default import('@opentelemetry/api') */
  readonly api?: OpenTelemetryApiLike | undefined
  /** Name of the tracer, as it stands in each span's scope. @default '@exprsn/core' */
  readonly name?: string | undefined
  /** Version of the tracer. @default none */
  readonly version?: string | undefined
}

/**
 * From now on `withSpan` records through OpenTelemetry, `currentTrace` and `inject` see the spans that others began
 * there, and spans begun there continue the traces of `withTrace`. The SDK stays the host's: register it as usual,
 * before or after this call. Returns a function that undoes it.
 *
 * @throws `CORE_TRACING_DRIVER_MISSING` when the package is not installed.
 * @example
 * ```ts
 * import { useOpenTelemetry } from '@exprsn/core/drivers/opentelemetry'
 * import { withSpan } from '@exprsn/core/tracing'
 *
 * const stop = await useOpenTelemetry({ name: 'shop' })
 * await withSpan('checkout', { kind: 'server' }, async () => 'done')
 * stop()
 * ```
 */
export async function useOpenTelemetry({ api, name = '@exprsn/core', version }: UseOpenTelemetryOptions = {}): Promise<
  () => void
> {
  return useSpanRecorder(openTelemetryRecorder(api ?? (await loadApi()), name, version))
}
