import { authErrors } from './errors.ts'
import type { Identity } from './identity.ts'

/** A rule's answer, with its reason where it is no. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

/** What a rule may look at. */
export interface RuleInput<Resource> {
  readonly identity: Identity
  /** What is acted upon, such as the record that was loaded. */
  readonly resource: Resource
}

/** Options of {@link allow}. Everything that is given must hold. */
export interface AllowOptions<Resource> {
  /** One of these roles is enough. @default any */
  readonly roles?: readonly string[] | undefined
  /** All of these scopes are needed; `jobs:*` covers `jobs:read`, and `*` everything. @default none */
  readonly scopes?: readonly string[] | undefined
  /** Attributes of the identity and the resource; a text says why not. @default true */
  readonly when?: ((input: RuleInput<Resource>) => boolean | string) | undefined
}

/** Decides whether an identity may do something. */
export interface Rule<Resource = unknown> {
  /** The roles and scopes it asks for, for descriptions. */
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  explain(identity: Identity, resource: Resource): Decision
  /** @throws `CORE_AUTH_FORBIDDEN` with the reason */
  assert(identity: Identity, resource: Resource): void
}

/**
 * A rule over roles, scopes and attributes that can say why it denied. A `when` that throws denies.
 *
 * @example
 * ```ts
 * import { allow } from '@exprsn/core/auth'
 *
 * const mayEdit = allow<{ owner: string }>({
 *   roles: ['editor', 'admin'],
 *   when: ({ identity, resource }) => resource.owner === identity.subject || 'it belongs to somebody else',
 * })
 * const identity = { subject: 'u1', kind: 'jwt', via: 'header', roles: ['editor'], scopes: [], claims: {} } as const
 * console.log(mayEdit.explain(identity, { owner: 'u2' })) // { allowed: false, reason: 'it belongs to somebody else' }
 * ```
 */
export function allow<Resource = unknown>(options: AllowOptions<Resource>): Rule<Resource> {
  const { roles = [], scopes = [], when } = options
  if (options.roles?.length === 0)
    throw authErrors.CORE_AUTH_OPTION_INVALID({ option: 'roles', value: 'an empty list' })
  const explain = (identity: Identity, resource: Resource): Decision => {
    if (roles.length > 0 && !roles.some((role) => identity.roles.includes(role)))
      return denied(`it takes the role ${roles.join(' or ')}`)
    const missing = scopes.find((scope) => !identity.scopes.some((held) => covers(held, scope)))
    if (missing !== undefined) return denied(`it takes the scope ${missing}`)
    return when === undefined ? { allowed: true } : decide(when, { identity, resource })
  }
  return {
    roles,
    scopes,
    explain,
    assert(identity, resource) {
      const decision = explain(identity, resource)
      if (!decision.allowed) throw authErrors.CORE_AUTH_FORBIDDEN({ reason: decision.reason })
    },
  }
}

function decide<Resource>(
  when: (input: RuleInput<Resource>) => boolean | string,
  input: RuleInput<Resource>,
): Decision {
  try {
    const answer: unknown = when(input)
    // Nothing but true allows: a promise or an object is a mistake, and mistakes must not open doors.
    return answer === true
      ? { allowed: true }
      : denied(typeof answer === 'string' ? answer : 'its condition does not hold')
  } catch {
    return denied('its condition could not be evaluated')
  }
}

function covers(held: string, scope: string): boolean {
  return held === scope || held === '*' || (held.endsWith(':*') && scope.startsWith(held.slice(0, -1)))
}

function denied(reason: string): Decision {
  return { allowed: false, reason }
}
