import { describe, expect, it } from 'vitest';
import { doorPlace, type PlaceQuestion } from './doorPlace.ts';
import { readDoorVariables } from './doorVariables.ts';

const id = '0123456789abcdef';
const ask = (change: Partial<PlaceQuestion> = {}, network: Partial<PlaceQuestion['network']> = {}) =>
  doorPlace({
    host: 'unix:///var/run/docker.sock',
    info: { product: 'Docker', operatingSystem: 'Debian GNU/Linux 12', rootless: false },
    hasInterface: (name) => name === 'br-0123456789ab',
    ...change,
    network: {
      Id: id,
      Name: 'app_default',
      Driver: 'bridge',
      IPAM: { Config: [{ Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }] },
      ...network,
    },
  });

describe('where a control door listens', () => {
  it('is the host’s end of the app’s own bridge, for its containers only', () => {
    const place = ask();
    expect(place).toMatchObject({ address: '172.18.0.1', urlHost: '172.18.0.1' });
    const admitted = [
      '172.18.0.2',
      '172.18.255.254',
      '172.18.0.1',
      '172.19.0.2',
      '127.0.0.1',
      '10.0.0.1',
      'fd00::2',
      '',
    ];
    expect(admitted.filter(place.admits)).toEqual(['172.18.0.2', '172.18.255.254']);
  });

  it('is IPv6 where the network has nothing else', () => {
    const six = { Subnet: 'fd00:1::/64', Gateway: 'fd00:1::1' };
    const place = ask({}, { IPAM: { Config: [six] } });
    expect(place).toMatchObject({ address: 'fd00:1::1', urlHost: '[fd00:1::1]' });
    expect(['fd00:1::2', 'fd00:1::1', 'fd00:2::2', '172.18.0.2'].filter(place.admits)).toEqual(['fd00:1::2']);
    const both = { Config: [six, { Subnet: '10.5.0.0/24', Gateway: '10.5.0.1' }] };
    expect(ask({}, { IPAM: both }).address).toBe('10.5.0.1');
  });

  it('follows a bridge that was given a name', () => {
    const named = { Options: { 'com.docker.network.bridge.name': 'flot0' } };
    expect(ask({ hasInterface: (name) => name === 'flot0' }, named).address).toBe('172.18.0.1');
  });

  it('is loopback with Docker Desktop, which leads there', () => {
    const info = { product: 'Docker', operatingSystem: 'Docker Desktop', rootless: false };
    const place = ask({ info, hasInterface: () => false });
    expect(place).toMatchObject({ address: '127.0.0.1', urlHost: 'host.docker.internal' });
    expect(['127.0.0.1', '10.0.0.1'].filter(place.admits)).toEqual(['127.0.0.1']);
  });

  it.each<[string, Partial<PlaceQuestion>, Partial<PlaceQuestion['network']>]>([
    ['the engine at tcp://10.0.0.9:2375 is not on this machine', { host: 'tcp://10.0.0.9:2375' }, {}],
    [
      'a rootless engine keeps its networks to itself',
      { info: { product: 'Docker', operatingSystem: 'Fedora', rootless: true } },
      {},
    ],
    [
      'Podman makes the bridge of a network with its first container',
      { info: { product: 'Podman', operatingSystem: 'Fedora', rootless: false } },
      {},
    ],
    [
      'the network app_default is not on this machine (no interface br-0123456789ab): Docker runs elsewhere',
      { hasInterface: () => false },
      {},
    ],
    ['its network app_default is of the kind “macvlan”', {}, { Driver: 'macvlan' }],
    ['the network app_default tells no gateway', {}, { IPAM: { Config: [{ Subnet: '172.18.0.0/16' }] } }],
    ['the network app_default tells no gateway', {}, { IPAM: null }],
  ])('is nowhere when %s', (words, change, network) => {
    expect(() => ask(change, network)).toThrow(words);
  });
});

describe('what a container was told', () => {
  const token = `${'a'.repeat(41)}-_`;
  it('is read back', () => {
    expect(
      readDoorVariables([
        'A=1',
        `FLOTILLA_CONTROL_TOKEN=${token}`,
        'FLOTILLA_CONTROL_URL=http://172.18.0.1:4000',
      ]),
    ).toEqual({ urlHost: '172.18.0.1', port: 4000, token });
    expect(
      readDoorVariables([`FLOTILLA_CONTROL_TOKEN=${token}`, 'FLOTILLA_CONTROL_URL=http://[fd00::1]:1'])
        ?.urlHost,
    ).toBe('[fd00::1]');
  });

  it.each([
    [[]],
    [[`FLOTILLA_CONTROL_TOKEN=${token}`]],
    [['FLOTILLA_CONTROL_URL=http://172.18.0.1:4000']],
    [['FLOTILLA_CONTROL_TOKEN=weak', 'FLOTILLA_CONTROL_URL=http://172.18.0.1:4000']],
    [[`FLOTILLA_CONTROL_TOKEN=${token}`, 'FLOTILLA_CONTROL_URL=http://user@evil:80/path']],
  ])('is nothing in %j', (env) => {
    expect(readDoorVariables(env)).toBeUndefined();
  });
});
