#!/bin/sh
# Provokes what the clients of clouds say by themselves, without any account: no credentials, region, profile, way. Run by hand.
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir" || exit 1
export HOME="$dir" AWS_EC2_METADATA_DISABLED=true AWS_PAGER="" CLOUDSDK_CONFIG="$dir/gcloud" CLOUDSDK_CORE_DISABLE_PROMPTS=1
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_DEFAULT_REGION AWS_REGION
say() { echo "== $1"; shift; timeout 40 "$@" 2>&1 | grep -v '^$' | tail -9; }
say "aws no credentials" aws s3 ls
say "aws no region" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b aws ec2 describe-instances
say "aws profile missing" aws --profile nothere s3 ls
say "aws partial credentials" env AWS_ACCESS_KEY_ID=a aws --region eu-central-1 s3 ls
say "aws name unknown" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b aws --region eu-nowhere-1 ec2 describe-instances
say "aws bad parameter" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b aws --region eu-central-1 s3 cp nothere s3://b/k
say "aws endpoint refused" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_MAX_ATTEMPTS=1 aws --region eu-central-1 --endpoint-url http://127.0.0.1:9 s3 ls
cat > fake.py <<'P'
import http.server
ERRORS = {"ExpiredToken": (400, "The provided token has expired."), "InvalidAccessKeyId": (403, "The AWS Access Key Id you provided does not exist in our records."),
  "SignatureDoesNotMatch": (403, "The request signature we calculated does not match the signature you provided. Check your key and signing method."),
  "RequestTimeTooSkewed": (403, "The difference between the request time and the current time is too large."), "NoSuchBucket": (404, "The specified bucket does not exist"),
  "AccessDenied": (403, "Access Denied"), "SlowDown": (503, "Please reduce your request rate."), "NoSuchKey": (404, "The specified key does not exist."),
  "PermanentRedirect": (301, "The bucket you are attempting to access must be addressed using the specified endpoint.")}
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/").split("/")[0].split("?")[0]; code, text = ERRORS.get(name, (500, "x"))
        body = f"<?xml version='1.0'?><Error><Code>{name}</Code><Message>{text}</Message></Error>".encode()
        self.send_response(code); self.send_header("Content-Type", "application/xml"); self.send_header("Content-Length", str(len(body))); self.end_headers()
        if self.command != "HEAD": self.wfile.write(body)
    do_HEAD = do_PUT = do_POST = do_GET
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 18098), H).serve_forever()
P
python3 fake.py & fake=$!; sleep 1
printf '[default]\ns3 =\n  addressing_style = path\nretries = x\n' > config; sed -i '/retries/d' config
for e in ExpiredToken InvalidAccessKeyId SignatureDoesNotMatch RequestTimeTooSkewed NoSuchBucket AccessDenied SlowDown PermanentRedirect; do
  say "aws s3 $e" env AWS_CONFIG_FILE="$dir/config" AWS_MAX_ATTEMPTS=1 AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b aws --region eu-central-1 --endpoint-url http://127.0.0.1:18098 s3api list-objects-v2 --bucket "$e"
done
say "aws s3 head" env AWS_CONFIG_FILE="$dir/config" AWS_MAX_ATTEMPTS=1 AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b aws --region eu-central-1 --endpoint-url http://127.0.0.1:18098 s3 cp s3://AccessDenied/k x
kill $fake
say "gcloud no account" gcloud compute instances list --project x
say "gcloud no project" gcloud --access-token-file=/dev/null compute instances list
echo '{}' > key.json
say "gcloud bad key" gcloud auth activate-service-account --key-file=key.json
say "gcloud gsutil no account" gcloud storage ls gs://nothere
