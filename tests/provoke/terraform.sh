#!/bin/sh
# Provokes messages of Terraform with the built-in resource terraform_data, so that no provider is fetched. Run by hand.
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir" || exit 1
export TF_IN_AUTOMATION=1 TF_CLI_ARGS="-no-color" CHECKPOINT_DISABLE=1 HOME="$dir" TF_INPUT=0; unset TF_CLI_CONFIG_FILE
say() { echo "== $1"; shift; timeout 60 "$@" 2>&1 | grep -v '^$' | tail -20; }
init() { terraform init > /dev/null 2>&1; }
printf 'terraform {\n  backend "local" {}\n}\nresource "terraform_data" "a" {\n  input = 1\n  provisioner "local-exec" {\n    command = "sleep 8"\n  }\n}\n' > main.tf
say "not initialised" terraform plan
init; terraform apply -auto-approve > /dev/null 2>&1 & sleep 3
say "state locked" terraform plan
wait
printf '{ "version": 4, "serial"' > terraform.tfstate
say "state damaged" terraform plan
echo '{"version":4,"terraform_version":"9.9.0","serial":1,"lineage":"x","outputs":{},"resources":[]}' > terraform.tfstate
say "state of a newer version" terraform plan
rm -f terraform.tfstate*
printf 'terraform {\n  backend "local" { path = "other.tfstate" }\n}\n' > main.tf
say "backend changed" terraform plan
rm -rf .terraform; printf 'terraform {\n  required_version = "< 0.12"\n}\n' > main.tf
say "version constraint" terraform init
printf 'variable "size" {}\noutput "o" { value = var.size }\n' > main.tf; init
say "variable without value" terraform plan -input=false
printf 'output "o" { value = var.nothere }\n' > main.tf; init
say "undeclared variable" terraform plan
printf 'resource "terraform_data" "a" { input = terraform_data.b.output }\nresource "terraform_data" "b" { input = terraform_data.a.output }\n' > main.tf; init
say "cycle" terraform plan
printf 'resource "terraform_data" "a" { colour = 1 }\n' > main.tf; init
say "unsupported argument" terraform plan
printf 'locals { l = [1] }\noutput "o" { value = local.l[3] }\noutput "p" { value = terraform_data.a.nothere }\nresource "terraform_data" "a" {}\n' > main.tf; init
say "invalid index, unsupported attribute" terraform plan
printf 'resource "terraform_data" "a" {\n  count = terraform_data.b.id == "x" ? 1 : 0\n}\nresource "terraform_data" "b" {}\n' > main.tf; init
say "count unknown" terraform plan
printf 'resource "terraform_data" "a" {\n  input = 1\n' > main.tf
say "syntax" terraform init
printf 'resource "terraform_data" "a" {\n  provisioner "local-exec" { command = "exit 3" }\n}\n' > main.tf; init
say "provisioner" terraform apply -auto-approve
printf 'resource "terraform_data" "a" {\n  lifecycle { prevent_destroy = true }\n}\n' > main.tf; rm -f terraform.tfstate; init; terraform apply -auto-approve > /dev/null 2>&1
say "prevent_destroy" terraform destroy -auto-approve
printf 'module "m" { source = "./nothere" }\n' > main.tf
say "module missing" terraform init
printf 'terraform {\n  required_providers {\n    nothere = { source = "example.invalid/x/nothere" }\n  }\n}\n' > main.tf
say "provider not found" terraform init
printf 'terraform {\n  required_providers {\n    x = { source = "example.invalid/x/x" }\n  }\n}\n' > main.tf
say "provider not installed" terraform validate
say "force-unlock of nothing" terraform force-unlock -force 1a2b
