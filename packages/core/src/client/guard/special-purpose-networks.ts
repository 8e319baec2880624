import { parseNetwork, type Network } from './network.ts'

/** What an address is for, as far as it matters to who may be sent there. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'cloud metadata'
  | 'unspecified'
  | 'multicast'
  | 'documentation'
  | 'transition'
  | 'reserved'
  | 'invalid'

type Row = readonly [cidr: string, kind: AddressKind]

/**
 * Where clouds keep the credentials of the machine, outside of the link-local network (in which 169.254.169.254 lies) or in
 * it: EC2 over IPv6, ECS and EKS, Alibaba, Oracle, Google over IPv6, Azure's wire server. From the documentation of each.
 */
const metadata: readonly Row[] = [
  ['169.254.169.254/32', 'cloud metadata'],
  ['169.254.170.2/32', 'cloud metadata'],
  ['169.254.170.23/32', 'cloud metadata'],
  ['100.100.100.200/32', 'cloud metadata'],
  ['192.0.0.192/32', 'cloud metadata'],
  ['168.63.129.16/32', 'cloud metadata'],
  ['fd00:ec2::/32', 'cloud metadata'],
  ['fd20:ce::254/128', 'cloud metadata'],
]

/** IANA IPv4 Special-Purpose Address Registry (RFC 6890 and what updates it), and multicast (RFC 5771). */
const version4: readonly Row[] = [
  ['0.0.0.0/8', 'unspecified'], // RFC 791 §3.2
  ['10.0.0.0/8', 'private'], // RFC 1918
  ['100.64.0.0/10', 'private'], // RFC 6598, shared address space
  ['127.0.0.0/8', 'loopback'], // RFC 1122 §3.2.1.3
  ['169.254.0.0/16', 'link-local'], // RFC 3927
  ['172.16.0.0/12', 'private'], // RFC 1918
  ['192.0.0.0/24', 'reserved'], // RFC 6890 §2.1
  ['192.0.2.0/24', 'documentation'], // RFC 5737
  ['192.31.196.0/24', 'reserved'], // RFC 7535, AS112
  ['192.52.193.0/24', 'reserved'], // RFC 7450, AMT
  ['192.88.99.0/24', 'transition'], // RFC 7526, 6to4 relays
  ['192.168.0.0/16', 'private'], // RFC 1918
  ['192.175.48.0/24', 'reserved'], // RFC 7534, AS112
  ['198.18.0.0/15', 'reserved'], // RFC 2544, benchmarking
  ['198.51.100.0/24', 'documentation'], // RFC 5737
  ['203.0.113.0/24', 'documentation'], // RFC 5737
  ['224.0.0.0/4', 'multicast'], // RFC 5771
  ['240.0.0.0/4', 'reserved'], // RFC 1112 §4, the broadcast address included
]

/**
 * IANA IPv6 Special-Purpose Address Registry (RFC 6890 and what updates it). Only 2000::/3 is global unicast space (IANA
 * IPv6 Address Space registry), so that whatever is neither here nor there is reserved.
 */
const version6: readonly Row[] = [
  ['::/128', 'unspecified'], // RFC 4291 §2.5.2
  ['::1/128', 'loopback'], // RFC 4291 §2.5.3
  ['64:ff9b:1::/48', 'transition'], // RFC 8215, NAT64 with prefixes of one's own
  ['fc00::/7', 'private'], // RFC 4193, unique local
  ['fe80::/10', 'link-local'], // RFC 4291 §2.5.6
  ['fec0::/10', 'private'], // RFC 3879, site-local
  ['ff00::/8', 'multicast'], // RFC 4291 §2.7
  ['2001::/32', 'transition'], // RFC 4380, Teredo
  ['2001:db8::/32', 'documentation'], // RFC 3849
  ['2001::/23', 'reserved'], // RFC 2928, protocol assignments: benchmarking, ORCHID and the like
  ['2002::/16', 'transition'], // RFC 3056, 6to4
  ['2620:4f:8000::/48', 'reserved'], // RFC 7534, AS112
  ['3fff::/20', 'documentation'], // RFC 9637
]

/** The registries in the order in which they are asked. */
export const specialPurposeNetworks: readonly (readonly [network: Network, kind: AddressKind])[] = [
  ...metadata,
  ...version4,
  ...version6,
].map(([cidr, kind]) => [parseNetwork(cidr), kind])
