/**
 * Passkeys: make one, or sign in with one.
 *
 *   <div data-passkey="create|get" data-options="/…/options" data-answer="/…" hidden>
 *     <button type="button">…</button>
 *     <p data-passkey-failed hidden>…</p>
 *
 * Shown only where the browser can; everything else on the page works without.
 */
import { fromBase64Url, toBase64Url } from "../base64url";

interface Descriptor {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

interface CreationOptions {
  challenge: string;
  rp: PublicKeyCredentialRpEntity;
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout?: number;
  excludeCredentials?: Descriptor[];
  authenticatorSelection?: AuthenticatorSelectionCriteria;
  attestation?: AttestationConveyancePreference;
}

interface RequestOptions {
  challenge: string;
  rpId?: string;
  timeout?: number;
  allowCredentials?: Descriptor[];
  userVerification?: UserVerificationRequirement;
}

function described(list: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ ...one, id: fromBase64Url(one.id) }));
}

async function make(options: CreationOptions): Promise<object> {
  const made = (await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      user: { ...options.user, id: fromBase64Url(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: toBase64Url(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      attestationObject: toBase64Url(response.attestationObject),
    },
  };
}

async function show(options: RequestOptions): Promise<object> {
  const shown = (await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromBase64Url(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
  })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    id: shown.id,
    rawId: toBase64Url(shown.rawId),
    type: shown.type,
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signature: toBase64Url(response.signature),
      userHandle: response.userHandle ? toBase64Url(response.userHandle) : null,
    },
  };
}

async function post(address: string, body: object): Promise<unknown> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function run(box: HTMLElement): Promise<void> {
  const options = await post(box.dataset["options"] ?? "", {});
  const credential =
    box.dataset["passkey"] === "create"
      ? await make(options as CreationOptions)
      : await show(options as RequestOptions);
  const label = box.querySelector<HTMLInputElement>("input")?.value ?? "";
  const done = (await post(box.dataset["answer"] ?? "", {
    credential,
    label,
    next: box.dataset["next"] ?? "",
  })) as { next: string };
  location.assign(done.next);
}

for (const box of document.querySelectorAll<HTMLElement>("[data-passkey]")) {
  if (!("PublicKeyCredential" in window)) break;
  const button = box.querySelector("button");
  const failed = box.querySelector<HTMLElement>("[data-passkey-failed]");
  box.hidden = false;
  button?.addEventListener("click", async () => {
    if (failed) failed.hidden = true;
    button.ariaBusy = "true";
    try {
      await run(box);
    } catch {
      // Also when the reader closes the browser's own window: the sentence says how to go on.
      if (failed) failed.hidden = false;
    } finally {
      button.ariaBusy = null;
    }
  });
}
