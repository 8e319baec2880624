import type { Health } from './create-health.ts'
import type { CheckResult } from './health-check.ts'
import type { HealthReport } from './health-report.ts'

/** Options of {@link createHealthHandler}. */
export interface HealthHandlerOptions {
  /** Public version of the service, in every answer. @default none */
  readonly version?: string | undefined
  /** What exactly is running, such as a commit. @default none */
  readonly releaseId?: string | undefined
  /** Whether answers name the checks. They never hold messages of errors. @default true */
  readonly details?: boolean | undefined
}

type Answer = (health: Health) => Promise<HealthReport>

const answers: Readonly<Record<string, Answer>> = {
  startupz: (health) => health.startup(),
  livez: (health) => health.live(),
  readyz: (health) => health.ready(),
}

/**
 * Answers `/livez`, `/readyz` and `/startupz` below whatever path it is mounted on, with 200 or 503 and a body of the
 * form `application/health+json` (draft-inadarei-api-health-check-06). `GET` and `HEAD` only; other paths are 404.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthHandler } from '@exprsn/core/health'
 *
 * const handler = createHealthHandler(createHealth({ checks: { database: { check: () => {} } } }))
 * const response = await handler(new Request('http://localhost/readyz'))
 * console.log(response.status) // 200
 * ```
 */
export function createHealthHandler(
  health: Health,
  options: HealthHandlerOptions = {},
): (request: Request) => Promise<Response> {
  return async (request) => {
    const path = new URL(request.url).pathname
    const name = path.slice(path.lastIndexOf('/') + 1)
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined
    if (answer === undefined) return new Response(null, { status: 404 })
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    const report = await answer(health)
    const headers = { 'content-type': 'application/health+json', 'cache-control': 'no-store' }
    const body = request.method === 'HEAD' ? null : JSON.stringify(healthBody(report, options))
    return new Response(body, { status: report.status === 'fail' ? 503 : 200, headers })
  }
}

function healthBody({ status, notes, checks, eventLoopLag }: HealthReport, options: HealthHandlerOptions): object {
  const { version, releaseId, details = true } = options
  const lag =
    eventLoopLag === undefined
      ? {}
      : { 'eventLoop:lag': [{ componentType: 'system', observedValue: eventLoopLag, observedUnit: 'ms' }] }
  const named = Object.entries(checks).map(([name, result]) => [keyOf(name, result), [checkBody(name, result)]])
  return {
    status,
    version,
    releaseId,
    notes: notes.length === 0 ? undefined : notes,
    checks: details ? { ...Object.fromEntries(named), ...lag } : undefined,
  }
}

/** The draft's `component:measurement`; without a unit of its own the check reported how long it took. */
function keyOf(name: string, { observedUnit }: CheckResult): string {
  return observedUnit === 'ms' ? `${name}:responseTime` : name
}

function checkBody(name: string, { status, type, observedValue, observedUnit, time, output }: CheckResult): object {
  return { componentId: name, componentType: type, status, observedValue, observedUnit, time, output }
}
