import { describe, expect, it } from 'vitest'
import { clientErrors } from '../errors.ts'
import { transportError } from './transport-error.ts'

const fault = (code: string, name = 'Error') => Object.assign(new Error(`secret-in-message ${code}`), { code, name })
const known = { origin: 'https://a.test', maxHeaderBytes: 100 }

describe('transportError', () => {
  it.each([
    ['ENOTFOUND', true, 'CORE_CLIENT_CONNECT_FAILED'],
    ['EAI_AGAIN', true, 'CORE_CLIENT_CONNECT_FAILED'],
    ['ECONNREFUSED', true, 'CORE_CLIENT_CONNECT_FAILED'],
    ['EHOSTUNREACH', true, 'CORE_CLIENT_CONNECT_FAILED'],
    ['ECONNRESET', false, 'CORE_CLIENT_CONNECT_FAILED'],
    ['ECONNRESET', true, 'CORE_CLIENT_CONNECTION_LOST'],
    ['EPIPE', true, 'CORE_CLIENT_CONNECTION_LOST'],
    ['UND_ERR_SOCKET', true, 'CORE_CLIENT_CONNECTION_LOST'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', true, 'CORE_CLIENT_CONNECTION_LOST'],
    ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', true, 'CORE_CLIENT_BODY_FAILED'],
    ['UND_ERR_HEADERS_OVERFLOW', true, 'CORE_CLIENT_HEADERS_TOO_LARGE'],
    ['HPE_INVALID_CONSTANT', true, 'CORE_CLIENT_RESPONSE_INVALID'],
    ['UND_ERR_DESTROYED', false, 'CORE_CLIENT_CLOSED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'CORE_CLIENT_TLS_FAILED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'CORE_CLIENT_TLS_FAILED'],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'CORE_CLIENT_TLS_FAILED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'CORE_CLIENT_TLS_FAILED'],
    ['CERT_HAS_EXPIRED', false, 'CORE_CLIENT_TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'CORE_CLIENT_TLS_FAILED'],
    ['', true, 'CORE_CLIENT_CONNECTION_LOST'],
  ])('%s (sent: %s) is %s, and its message stays inside', (code, sent, expected) => {
    const error = transportError(fault(code), { ...known, sent })
    expect(error.code).toBe(expected)
    expect(error.message).not.toContain('secret-in-message')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('looks into the errors of several addresses', () => {
    const all = new AggregateError([fault('ECONNREFUSED'), fault('EHOSTUNREACH')])
    expect(transportError(all, { ...known, sent: false })).toMatchObject({
      code: 'CORE_CLIENT_CONNECT_FAILED',
      message: 'No connection to https://a.test: ECONNREFUSED.',
    })
    expect(transportError(new AggregateError([]), { ...known, sent: false }).code).toBe('CORE_CLIENT_CONNECT_FAILED')
  })

  it('knows the parser by its name, leaves its own as they are, and survives what is no error', () => {
    const garbled = transportError(fault('', 'HTTPParserError'), { ...known, sent: true })
    expect(garbled.message).toBe('The response of https://a.test cannot be read: malformed HTTP.')
    const own = clientErrors.CORE_CLIENT_CLOSED()
    expect(transportError(own, { ...known, sent: true })).toBe(own)
    expect(transportError(undefined, { ...known, sent: true }).code).toBe('CORE_CLIENT_CONNECTION_LOST')
  })
})
