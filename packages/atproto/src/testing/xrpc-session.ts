import { requiredText, required, type XrpcMethod } from './xrpc-method.ts'
import { serviceToken } from './service-token.ts'
import { invalidRequest } from './xrpc-error.ts'
import { textOf } from './text-of.ts'

/** `com.atproto.server.*` and `com.atproto.identity.*`, as far as the fake knows them. */
export const sessionMethods: Readonly<Record<string, XrpcMethod>> = {
  'com.atproto.server.describeServer': {
    run: () => ({ did: 'did:web:localhost', availableUserDomains: ['.test'], inviteCodeRequired: false }),
  },
  'com.atproto.server.createAccount': {
    check: ({ input }) => void requiredText(input, 'handle'),
    run({ host, sessions, input }) {
      const password = typeof input.password === 'string' ? input.password : undefined
      return sessions.open(host.createAccount({ handle: requiredText(input, 'handle'), password }))
    },
  },
  'com.atproto.server.createSession': {
    check({ input }) {
      requiredText(input, 'identifier')
      requiredText(input, 'password')
    },
    charges: ({ host, input }) => {
      const name = textOf(input.identifier)
      return [{ window: 'sessions', key: host.account(name)?.did ?? name, points: 1 }]
    },
    run: ({ host, sessions, input }) => sessions.create(host, textOf(input.identifier), textOf(input.password)),
  },
  'com.atproto.server.refreshSession': { run: ({ host, sessions, token }) => sessions.refresh(host, token) },
  'com.atproto.server.getSession': {
    session: true,
    run: ({ account: { did, handle, status } }) => ({ did, handle, active: status === 'active' }),
  },
  'com.atproto.server.getServiceAuth': {
    session: true,
    check: ({ params }) => void required(params, 'aud'),
    run({ host, account, params }) {
      const now = Math.floor(host.now() / 1_000)
      const exp = Number(params.get('exp') ?? now + 60)
      if (exp <= now) throw invalidRequest('expiration is in past', 'BadExpiration')
      if (exp - now > 3_600)
        throw invalidRequest(
          'cannot request a token with an expiration more than an hour in the future',
          'BadExpiration',
        )
      const lxm = params.get('lxm')
      if (lxm === null && exp - now > 60)
        throw invalidRequest(
          'cannot request a method-less token with an expiration more than a minute in the future',
          'BadExpiration',
        )
      return { token: serviceToken(account, { aud: required(params, 'aud'), lxm: lxm ?? undefined, exp }) }
    },
  },
  'com.atproto.server.deactivateAccount': {
    session: true,
    run: ({ host, account }) => host.setStatus(account.did, 'deactivated'),
  },
  'com.atproto.server.activateAccount': {
    session: true,
    run: ({ host, account }) => host.setStatus(account.did, 'active'),
  },
  'com.atproto.identity.resolveHandle': {
    check: ({ params }) => void required(params, 'handle'),
    run({ host, params }) {
      const did = host.plc.resolveHandle(required(params, 'handle'))
      if (did === undefined) throw invalidRequest('Unable to resolve handle', 'HandleNotFound')
      return { did }
    },
  },
  'com.atproto.identity.updateHandle': {
    session: true,
    check: ({ input }) => void requiredText(input, 'handle'),
    run: ({ host, account, input }) => host.setHandle(account.did, requiredText(input, 'handle')),
  },
}
