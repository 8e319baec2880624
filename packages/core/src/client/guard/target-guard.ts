import { clientErrors } from '../errors.ts'
import { badPorts } from './bad-ports.ts'
import { canonicalAddress, kindOf } from './classify-address.ts'
import { parseIpAddress } from './ip-address.ts'
import { contains, parseNetwork } from './network.ts'

/** Where requests may go. By default to public addresses alone, on any port but those of other protocols. */
export interface AllowOptions {
  /**
   * Also private networks: 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7. Link-local addresses and those of cloud
   * metadata stay refused; name them in `networks` if you must.
   * @default false
   */
  readonly privateAddresses?: boolean | undefined
  /** Also this machine: 127/8 and ::1. @default false */
  readonly loopbackAddresses?: boolean | undefined
  /** Networks that are allowed whatever they are for: `['10.1.0.0/16', 'fd12:3456::/32']`. @default [] */
  readonly networks?: readonly string[] | undefined
  /** Only these hosts: exact names or addresses, or `*.example.com` for all names below. @default every host */
  readonly hosts?: readonly string[] | undefined
  /** Only these ports. @default every port but the "bad ports" of the Fetch standard */
  readonly ports?: readonly number[] | undefined
}

/** Refuses targets by the rules of {@link AllowOptions}. */
export interface TargetGuard {
  /**
   * Refuses by host name, port, and the address if the host is one.
   *
   * @throws `CORE_CLIENT_HOST_REFUSED`, `CORE_CLIENT_PORT_REFUSED`, `CORE_CLIENT_ADDRESS_REFUSED`.
   */
  checkTarget(hostname: string, port: number): void
  /** Refuses an address that a host name led to. @throws `CORE_CLIENT_ADDRESS_REFUSED` */
  checkAddress(address: string, hostname: string): void
}

/** @throws `CORE_CLIENT_OPTION_INVALID` */
export function targetGuard(allow: AllowOptions = {}): TargetGuard {
  const { privateAddresses = false, loopbackAddresses = false, hosts } = allow
  const networks = (allow.networks ?? []).map(parseNetwork)
  const ports = allow.ports === undefined ? undefined : new Set(allow.ports)
  const allowsHost = hosts === undefined ? () => true : hostMatcher(hosts)

  const checkAddress = (text: string, hostname: string): void => {
    const parsed = parseIpAddress(text)
    const address = parsed === undefined ? undefined : canonicalAddress(parsed)
    const kind = address === undefined ? 'invalid' : kindOf(address)
    if (kind === 'public') return
    if (kind === 'private' && privateAddresses) return
    if (kind === 'loopback' && loopbackAddresses) return
    if (address !== undefined && networks.some((network) => contains(network, address))) return
    throw clientErrors.CORE_CLIENT_ADDRESS_REFUSED({ host: hostname, kind, address: text })
  }

  return {
    checkTarget(hostname, port) {
      if (!allowsHost(bare(hostname))) throw clientErrors.CORE_CLIENT_HOST_REFUSED({ host: hostname })
      if (ports === undefined ? badPorts.has(port) : !ports.has(port))
        throw clientErrors.CORE_CLIENT_PORT_REFUSED({ host: hostname, port })
      if (parseIpAddress(hostname) !== undefined) checkAddress(hostname, hostname)
    },
    checkAddress,
  }
}

function hostMatcher(hosts: readonly string[]): (host: string) => boolean {
  const exact = new Set(hosts.filter((host) => !host.startsWith('*.')).map(bare))
  const endings = hosts.filter((host) => host.startsWith('*.')).map((host) => bare(host.slice(1)))
  return (host) => exact.has(host) || endings.some((ending) => host.endsWith(ending) && host.length > ending.length)
}

/** Case, brackets and the final dot of a full name make no difference. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}
