import { describe, expect, it } from 'vitest'
import { targetGuard, type AllowOptions } from './target-guard.ts'

function codeOf(work: () => void): string {
  try {
    work()
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const address = (allow: AllowOptions, text: string): string =>
  codeOf(() => targetGuard(allow).checkAddress(text, 'service.test'))
const target = (allow: AllowOptions, host: string, port = 443): string =>
  codeOf(() => targetGuard(allow).checkTarget(host, port))

const refused = 'CORE_CLIENT_ADDRESS_REFUSED'

describe('addresses', () => {
  it.each([
    [{}, '9.9.9.9', 'allowed'],
    [{}, '10.1.2.3', refused],
    [{}, '127.0.0.1', refused],
    [{}, 'nonsense', refused],
    [{ privateAddresses: true }, '10.1.2.3', 'allowed'],
    [{ privateAddresses: true }, '100.64.0.1', 'allowed'],
    [{ privateAddresses: true }, 'fd12::1', 'allowed'],
    [{ privateAddresses: true }, '::ffff:10.1.2.3', 'allowed'],
    [{ privateAddresses: true }, '127.0.0.1', refused],
    [{ privateAddresses: true }, '169.254.169.254', refused],
    [{ privateAddresses: true }, '100.100.100.200', refused],
    [{ privateAddresses: true }, 'fd00:ec2::254', refused],
    [{ privateAddresses: true }, '169.254.1.1', refused],
    [{ privateAddresses: true }, '0.0.0.0', refused],
    [{ privateAddresses: true }, '224.0.0.1', refused],
    [{ loopbackAddresses: true }, '127.9.9.9', 'allowed'],
    [{ loopbackAddresses: true }, '::1', 'allowed'],
    [{ loopbackAddresses: true }, '::ffff:7f00:1', 'allowed'],
    [{ loopbackAddresses: true }, '10.1.2.3', refused],
    [{ networks: ['10.1.0.0/16'] }, '10.1.255.255', 'allowed'],
    [{ networks: ['10.1.0.0/16'] }, '::ffff:10.1.2.3', 'allowed'],
    [{ networks: ['10.1.0.0/16'] }, '10.2.0.0', refused],
    [{ networks: ['fd12:3456::/32'] }, 'fd12:3456::1', 'allowed'],
    [{ networks: ['fd12:3456::/32'] }, 'fd12:3457::1', refused],
    [{ networks: ['169.254.169.254/32'] }, '169.254.169.254', 'allowed'],
  ] as const)('%j: %s is %s', (allow, text, outcome) => {
    expect(address(allow, text)).toBe(outcome)
  })

  it('says what the address is and how to allow it, and keeps the address itself out of the message', () => {
    let error: unknown
    try {
      targetGuard().checkAddress('10.1.2.3', 'billing.test')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      message: 'The host billing.test leads to an address that this client does not call: it is private.',
      help: expect.stringContaining('allow: { privateAddresses: true }') as string,
      retryable: false,
      details: { address: '10.1.2.3', kind: 'private' },
    })
  })

  it.each([
    ['10.0.0.0'],
    ['10.0.0.0/33'],
    ['x/8'],
    ['10.0.0.0/8/8'],
    ['::/129'],
    ['::1%lo/128'],
    ['10.0.0.0/-1'],
    [''],
  ])('refuses %j as a network', (network) => {
    expect(codeOf(() => targetGuard({ networks: [network] }))).toBe('CORE_CLIENT_OPTION_INVALID')
  })
})

describe('hosts and ports', () => {
  const hosts = ['api.example.com', '*.hooks.test', '9.9.9.9']

  it.each([
    ['api.example.com', 'allowed'],
    ['API.Example.com.', 'allowed'],
    ['evil-api.example.com', 'CORE_CLIENT_HOST_REFUSED'],
    ['api.example.com.evil.test', 'CORE_CLIENT_HOST_REFUSED'],
    ['a.hooks.test', 'allowed'],
    ['a.b.hooks.test', 'allowed'],
    ['hooks.test', 'CORE_CLIENT_HOST_REFUSED'],
    ['.hooks.test', 'CORE_CLIENT_HOST_REFUSED'],
    ['evilhooks.test', 'CORE_CLIENT_HOST_REFUSED'],
    ['9.9.9.9', 'allowed'],
  ])('%s is %s', (host, outcome) => {
    expect(target({ hosts }, host)).toBe(outcome)
  })

  it('does not let an allowed name lead to a refused address', () => {
    expect(target({ hosts: ['10.0.0.1'] }, '10.0.0.1')).toBe(refused)
  })

  it('checks hosts that are addresses, in every spelling', () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '::ffff:127.0.0.1', '[::ffff:7f00:1]'])
      expect(target({}, host)).toBe(refused)
    expect(target({}, 'localhost')).toBe('allowed') // a name: judged by where it leads
  })

  it('refuses the ports of other protocols, or all but those that are named', () => {
    for (const port of [22, 25, 6667, 0]) expect(target({}, 'a.test', port)).toBe('CORE_CLIENT_PORT_REFUSED')
    for (const port of [80, 443, 8080, 6379]) expect(target({}, 'a.test', port)).toBe('allowed')
    expect(target({ ports: [443] }, 'a.test', 80)).toBe('CORE_CLIENT_PORT_REFUSED')
    expect(target({ ports: [25] }, 'a.test', 25)).toBe('allowed')
  })
})
