import { defineStage } from '../../common/stages/stage.js';
import { dropletFactsSchema } from '../facts.js';

/** Installs the cluster's containers on a booted droplet. */
export const installStage = defineStage({
  name: 'install',
  input: dropletFactsSchema.pick({
    cluster: true,
    project: true,
    keyDirectory: true,
    droplet: true,
    host: true,
    port: true,
    connector: true,
    auth: true,
    derivedSecret: true,
    version: true,
    serverImage: true,
    serverTransport: true,
    databaseImage: true,
    databaseTransport: true,
    startedImage: true,
    volume: true,
    gateway: true,
    external: true,
    use: true,
    serverMemoryMb: true,
    databaseMemoryMb: true,
    javaOptions: true,
    apps: true,
    managed: true,
    tls: true,
    address: true,
    gatewayImage: true,
    gatewayTransport: true,
    proxyImage: true,
    proxyTransport: true,
  }),
  needs: ['database password'],
  async run(input, { env, signal, onStep }) {
    const { install } = await import('../install.js');
    await install(input, signal, onStep, env);
    return 'installed';
  },
});
