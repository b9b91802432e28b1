/** Devices asked of a driver of the engine, such as GPUs. Either a count or ids. */
export interface DeviceRequest {
  /** Empty: whichever driver has the capabilities. */
  driver?: string | undefined;
  /** -1: all there are. */
  count?: number | undefined;
  deviceIds?: string[] | undefined;
  /** All of these: `gpu`, `compute`, … */
  capabilities: string[];
  options?: Record<string, string> | undefined;
}

/** Shares and ceilings of a container's block devices. */
export interface BlockIo {
  /** 10 to 1000, relative to other containers. */
  weight?: number | undefined;
  weightDevices?: { path: string; weight: number }[] | undefined;
  /** Bytes a second. */
  readBytes?: DeviceRate[] | undefined;
  writeBytes?: DeviceRate[] | undefined;
  /** Operations a second. */
  readOperations?: DeviceRate[] | undefined;
  writeOperations?: DeviceRate[] | undefined;
}

export interface DeviceRate {
  path: string;
  rate: number;
}

/** Settings of a service that go to the engine as they are (Compose specification, “services”). Undefined: nothing is said. */
export interface HostSettings {
  domainname?: string | undefined;
  dns?: string[] | undefined;
  dnsOptions?: string[] | undefined;
  dnsSearch?: string[] | undefined;
  /** Further groups of the container's user, by name or number. */
  groupAdd?: string[] | undefined;
  runtime?: string | undefined;
  userns?: string | undefined;
  /** `host`, or empty. */
  uts?: string | undefined;
  cgroupNamespace?: string | undefined;
  cgroupParent?: string | undefined;
  macAddress?: string | undefined;
  /** `SERVICE[:ro|rw]` or `container:NAME[:ro|rw]`. */
  volumesFrom?: string[] | undefined;
  /** `SERVICE[:ALIAS]`. */
  links?: string[] | undefined;
  cpuShares?: number | undefined;
  /** Microseconds. */
  cpuPeriodUs?: number | undefined;
  cpuQuotaUs?: number | undefined;
  cpuRealtimePeriodUs?: number | undefined;
  cpuRealtimeRuntimeUs?: number | undefined;
  memoryReservationBytes?: number | undefined;
  /** Memory and swap together; -1: swap without limit. */
  memorySwapBytes?: number | undefined;
  /** 0 to 100. */
  memorySwappiness?: number | undefined;
  oomKillDisable?: boolean | undefined;
  /** -1000 to 1000. */
  oomScoreAdj?: number | undefined;
  deviceRequests?: DeviceRequest[] | undefined;
  /** Lines of the kernel's list of devices, `c 1:3 mr`. */
  deviceCgroupRules?: string[] | undefined;
  storageOptions?: Record<string, string> | undefined;
  annotations?: Record<string, string> | undefined;
  blockIo?: BlockIo | undefined;
}
