import { parseIpAddress, type IpAddress } from './ip-address.ts'
import { contains, parseNetwork } from './network.ts'
import { specialPurposeNetworks, type AddressKind } from './special-purpose-networks.ts'

const globalUnicast = parseNetwork('2000::/3')

/** IPv4-mapped addresses (RFC 4291 §2.5.5.2) and NAT64 with the well-known prefix (RFC 6052 §2.1) are another name for one. */
const aliases = [parseNetwork('::ffff:0:0/96'), parseNetwork('64:ff9b::/96')]

/** ISATAP (RFC 5214 §6.1): an interface identifier of 0000:5efe or 0200:5efe and an IPv4 address, in any network. */
const isatapIdentifiers = new Set([0x0000_5efen, 0x0200_5efen])

/**
 * What an address is for, by the IANA special-purpose registries: `public` for those that lead to the open internet. IPv6
 * addresses that stand for an IPv4 one are what that one is.
 *
 * @param address In any spelling: `127.0.0.1`, `0x7f.1`, `2130706433`, `::ffff:7f00:1`, `[fe80::1%eth0]`.
 * @returns `invalid` for text that is no address.
 * @example
 * ```ts
 * import { classifyAddress } from '@exprsn/core/client'
 *
 * console.log(classifyAddress('169.254.169.254')) // cloud metadata
 * console.log(classifyAddress('64:ff9b::7f00:1')) // loopback
 * console.log(classifyAddress('9.9.9.9')) // public
 * ```
 */
export function classifyAddress(address: string): AddressKind {
  const parsed = parseIpAddress(address)
  return parsed === undefined ? 'invalid' : kindOf(canonicalAddress(parsed))
}

/** The IPv4 address that an IPv6 address is another name for, else the address itself. */
export function canonicalAddress(address: IpAddress): IpAddress {
  return aliases.some((network) => contains(network, address)) ? embedded(address.value) : address
}

/** What an address that {@link canonicalAddress} gave is for. */
export function kindOf(address: IpAddress): AddressKind {
  const special = specialPurposeNetworks.find(([network]) => contains(network, address))
  if (special !== undefined) return special[1]
  if (address.version === 4) return 'public'
  if (!contains(globalUnicast, address)) return 'reserved'
  return isatapIdentifiers.has((address.value >> 32n) & 0xffff_ffffn) ? kindOf(embedded(address.value)) : 'public'
}

function embedded(value: bigint): IpAddress {
  return { version: 4, value: value & 0xffff_ffffn }
}
