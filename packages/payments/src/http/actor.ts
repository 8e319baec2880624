import type { RouteContext } from '@exprsn/core/http'

/** Who does something, as the records have it: never what the body says. */
export function actorOf({ identity }: RouteContext): string {
  return identity?.subject ?? 'anonymous'
}
